//! What a long list shows at its end: more of it, when it is asked for or comes into sight.

use crate::words::{boxed, text, use_texts};
use leptos::html::Button;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{IntersectionObserver, IntersectionObserverEntry};

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
        let seen = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let seen = |entry: JsValue| entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting();
            if entries.iter().any(seen) {
                draw.run(());
            }
        });
        let observer = IntersectionObserver::new(seen.as_ref().unchecked_ref());
        let kept = StoredValue::new_local(seen);
        if let Ok(observer) = observer {
            observer.observe(&button);
            let observer = StoredValue::new_local(observer);
            on_cleanup(move || observer.with_value(IntersectionObserver::disconnect));
        }
        on_cleanup(move || kept.dispose());
    });
    view! {
        <button type="button" class="button more" node_ref=button on:click=move |_| draw.run(())>
            {boxed(move || text!(i18n, board.more, n = left.get()).to_string())}
        </button>
    }
}
