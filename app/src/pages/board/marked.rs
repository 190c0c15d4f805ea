//! What was searched, marked where it stands.

use domain::board::index::pieces;
use leptos::prelude::*;

/// A text with what was searched in it marked.
#[must_use]
pub fn marked(text: &str, search: &str) -> AnyView {
    if search.trim().is_empty() {
        return text.to_owned().into_any();
    }
    let piece = |(piece, hit): (&str, bool)| {
        let piece = piece.to_owned();
        if hit { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() }
    };
    pieces(text, search).into_iter().map(piece).collect_view().into_any()
}
