//! The parts of the app that are fetched when they are first needed: drafting does not wait for the rest.
//!
//! Each part is a module of its own that the build splits off; the service worker keeps all of them, so that they
//! open with no network after the first visit.

use crate::pages::board::Board;
use crate::words::{say, use_texts};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::future::Future;

/// Draws a part, once it is here.
pub type Draw = fn() -> AnyView;

/// The theme board.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(board, wasm_split_path = leptos::wasm_split, fallible)]
pub fn board() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Board/> }.into_any())
}

/// Shows a part when it is here, and a way to try again when it could not be fetched.
pub fn show<F>(fetch: fn() -> F) -> AnyView
where
    F: Future<Output = Result<Draw, SplitLoaderError>> + 'static,
{
    let i18n = use_texts();
    let part = RwSignal::new(None::<Result<Draw, ()>>);
    let attempt = move || {
        part.set(None);
        spawn_local_scoped_with_cancellation(async move { part.set(Some(fetch().await.map_err(drop))) });
    };
    attempt();
    let retry = Callback::new(move |()| attempt());
    (move || match part.get() {
        Some(Ok(draw)) => draw(),
        None => view! { <p role="status">{say!(i18n, loading)}</p> }.into_any(),
        Some(Err(())) => view! {
            <h1 id="page-title" tabindex="-1">{say!(i18n, part.title)}</h1>
            <p role="alert">{say!(i18n, part.text)}</p>
            <button type="button" class="button button--primary" on:click=move |_| retry.run(())>{say!(i18n, part.retry)}</button>
        }
        .into_any(),
    })
    .into_any()
}
