//! What a long list shows at its end: more of it, when it is asked for or comes into sight.

use super::sight;
use crate::words::{boxed, text, use_texts};
use leptos::html::Button;
use leptos::prelude::*;

/// A button with the number that is left. Whoever scrolls to it need not press it; whoever goes by keyboard does.
#[component]
pub fn More(
    /// How many are not drawn yet.
    left: Signal<usize>,
    /// Draws more.
    draw: Callback<()>,
) -> impl IntoView {
    let i18n = use_texts();
    let button = NodeRef::<Button>::new();
    button.on_load(move |button| {
        let seen = move |seen| {
            if seen {
                draw.run(());
            }
        };
        sight::watch(&button, seen);
    });
    view! {
        <button type="button" class="button more" node_ref=button on:click=move |_| draw.run(())>
            {boxed(move || text!(i18n, board.more, n = left.get()).to_string())}
        </button>
    }
}
