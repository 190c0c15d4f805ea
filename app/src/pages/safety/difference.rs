//! Two texts as one, with what was taken out and what was put in marked by word: for the eye by line and colour, for a
//! screen reader in words.

use crate::words::{say, use_texts};
use domain::sync::merge::{Piece, compare};
use leptos::prelude::*;

/// The comparison of an older and a newer text.
#[component]
pub fn Difference(
    /// The older text.
    old: String,
    /// The newer text.
    new: String,
    /// The language that they are written in.
    #[prop(default = None)]
    lang: Option<&'static str>,
) -> impl IntoView {
    let i18n = use_texts();
    let pieces = compare(&old, &new);
    view! {
        <p class="difference" lang=lang>
            {pieces.into_iter().map(|piece| match piece {
                Piece::Same(text) => view! { <span>{text}</span> }.into_any(),
                Piece::Removed(text) => view! {
                    <del><span class="visually-hidden">{say!(i18n, difference.removed)} " "</span>{text}</del>
                }.into_any(),
                Piece::Added(text) => view! {
                    <ins><span class="visually-hidden">{say!(i18n, difference.added)} " "</span>{text}</ins>
                }.into_any(),
            }).collect_view()}
        </p>
    }
}
