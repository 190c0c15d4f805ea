//! The parts of the app that are fetched when they are first needed: drafting does not wait for the rest.
//!
//! Each part is a module of its own that the build splits off; the service worker keeps all of them, so that they
//! open with no network after the first visit.

use crate::client::device;
use crate::pages::board::Board;
use crate::pages::safety::{outbox::Outbox, rescue::Rescuing};
use crate::words::{say, use_texts};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::future::Future;

/// The element that the focus goes to on a new page.
const TITLE: &str = "page-title";

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

/// What waits to be sent.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(safety, wasm_split_path = leptos::wasm_split, fallible)]
pub fn outbox() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Outbox/> }.into_any())
}

/// Reading a rescue file.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(safety, wasm_split_path = leptos::wasm_split, fallible)]
pub fn rescue() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Rescuing/> }.into_any())
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
        spawn_local_scoped_with_cancellation(async move {
            let fetched = fetch().await.map_err(drop);
            // Whoever came by a link has the focus on the waiting title: it goes on to the real one.
            let waited = device::has_focus(TITLE);
            part.set(Some(fetched));
            if waited {
                device::focus_later(TITLE.to_owned());
            }
        });
    };
    attempt();
    let retry = Callback::new(move |()| attempt());
    (move || match part.get() {
        Some(Ok(draw)) => draw(),
        None => view! { <p id=TITLE tabindex="-1" role="status">{say!(i18n, loading)}</p> }.into_any(),
        Some(Err(())) => view! {
            <h1 id=TITLE tabindex="-1">{say!(i18n, part.title)}</h1>
            <p role="alert">{say!(i18n, part.text)}</p>
            <button type="button" class="button button--primary" on:click=move |_| retry.run(())>{say!(i18n, part.retry)}</button>
        }
        .into_any(),
    })
    .into_any()
}
