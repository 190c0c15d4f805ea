//! The parts of the app that are fetched when they are first needed: nobody waits for the pages that they are not on.
//!
//! Each part is a module of its own that the build splits off, unless the module that the visit started with holds it
//! (the server's `shell::Start`); the service worker keeps all of them, so that they
//! open with no network after the first visit.

use crate::client::context::Client;
use crate::client::{device, outbox};
use crate::pages::board::state::BoardState;
use crate::pages::board::{Board, bar, charts, detail, marked, matrix, rest, tour, trend};
use crate::pages::home::Home;
use crate::pages::not_found::NotFound;
use crate::pages::presenter::Presenting;
use crate::pages::projector::Projector;
use crate::pages::report::Report;
use crate::pages::report::conflict::choice::Choice;
use crate::pages::report::state::ReportState;
use crate::pages::report::together::Together;
use crate::pages::safety::{
    conflict::Conflicts, council::CouncilCopy, history::History, outbox::Outbox, rescue::Rescuing, sessions::Sessions,
};
use crate::pages::sign_in::SignIn;
use crate::words::{say, use_texts};
use domain::field::FieldKey;
use domain::id::ItemId;
use domain::sync::status::Reach;
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::LocalBoxFuture;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::future::Future;

/// Before a part that could not be fetched is asked for again, in milliseconds.
const AGAIN: u32 = 5_000;
/// The element that the focus goes to on a new page.
const TITLE: &str = "page-title";

/// Draws a part, once it is here.
pub type Draw = fn() -> AnyView;

/// Draws the choice between two texts of a field.
pub type DrawChoice = fn(ReportState, FieldKey) -> AnyView;

/// Draws a view of the board.
pub type DrawView = fn(BoardState) -> AnyView;

/// What the board shows beyond the cards under their themes.
#[derive(Debug, Clone, Copy)]
pub struct Insight {
    /// Themes by members.
    pub matrix: DrawView,
    /// Shares of the themes, needs beside achievements.
    pub charts: DrawView,
    /// Themes over the editions.
    pub trend: DrawView,
    /// The tour de table.
    pub tour: DrawView,
    /// What stands over every view.
    pub bar: DrawView,
    /// Puts the search and the other editions beside a board.
    pub start: fn(BoardState),
    /// A text with what was searched in it marked.
    pub marked: fn(&str, &str) -> AnyView,
    /// A card, whole.
    pub detail: fn(BoardState, ItemId) -> AnyView,
}

/// There is one part, however often it is fetched.
impl PartialEq for Insight {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Runs the sync engine for as long as the tab is open.
pub type Run = fn(Client, UnboundedReceiver<()>) -> LocalBoxFuture<'static, ()>;

/// The sync engine. Drafting does not wait for it: what is written is on the device before it is sent.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(sync, wasm_split_path = leptos::wasm_split, fallible)]
pub fn sync() -> Result<Run, SplitLoaderError> {
    Ok(|client, woken| Box::pin(outbox::run(client, woken)))
}

/// Starts the sync engine as soon as it can be fetched.
pub async fn start_sync(client: Client, woken: UnboundedReceiver<()>) {
    loop {
        match sync().await {
            Ok(run) => return run(client, woken).await,
            Err(_) => client.set_reach(Reach::Unreachable),
        }
        TimeoutFuture::new(AGAIN).await;
    }
}

/// Where a person lands.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(entry, wasm_split_path = leptos::wasm_split, fallible)]
pub fn home() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Home/> }.into_any())
}

/// Signing in.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(entry, wasm_split_path = leptos::wasm_split, fallible)]
pub fn sign_in() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <SignIn/> }.into_any())
}

/// No such address.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(entry, wasm_split_path = leptos::wasm_split, fallible)]
pub fn not_found() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <NotFound/> }.into_any())
}

/// Drafting a report.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(report, wasm_split_path = leptos::wasm_split, fallible)]
pub fn report() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Report/> }.into_any())
}

/// The theme board.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(board, wasm_split_path = leptos::wasm_split, fallible)]
pub fn board() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Board/> }.into_any())
}

/// What the board shows beyond cards.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(insight, wasm_split_path = leptos::wasm_split, fallible)]
pub fn insight() -> Result<Insight, SplitLoaderError> {
    let (matrix, charts, trend, tour) = (matrix::matrix, charts::charts, trend::trend, tour::tour);
    let (bar, start, marked) = (bar::bar, rest::start, marked::marked);
    Ok(Insight { matrix, charts, trend, tour, bar, start, marked, detail: detail::detail })
}

/// The wall of the meeting room.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(projector, wasm_split_path = leptos::wasm_split, fallible)]
pub fn projector() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Projector/> }.into_any())
}

/// The presenter's remote control.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(presenter, wasm_split_path = leptos::wasm_split, fallible)]
pub fn presenter() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Presenting/> }.into_any())
}

/// What waits to be sent.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(safety, wasm_split_path = leptos::wasm_split, fallible)]
pub fn waiting() -> Result<Draw, SplitLoaderError> {
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

/// What the council has beside what the device has.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(safety, wasm_split_path = leptos::wasm_split, fallible)]
pub fn council_copy() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <CouncilCopy/> }.into_any())
}

/// Who wrote what when in a field.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(safety, wasm_split_path = leptos::wasm_split, fallible)]
pub fn history() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <History/> }.into_any())
}

/// The choice between two texts, in the form.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(safety, wasm_split_path = leptos::wasm_split, fallible)]
pub fn choice() -> Result<DrawChoice, SplitLoaderError> {
    Ok(|state, key| view! { <Choice state key/> }.into_any())
}

/// Choosing between two texts of a field, on a screen of its own.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(safety, wasm_split_path = leptos::wasm_split, fallible)]
pub fn conflict() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Conflicts/> }.into_any())
}

/// Where a person is signed in.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(safety, wasm_split_path = leptos::wasm_split, fallible)]
pub fn sessions() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Sessions/> }.into_any())
}

/// Who else is in the report.
///
/// # Errors
/// When it cannot be fetched.
#[wasm_split(sync, wasm_split_path = leptos::wasm_split, fallible)]
pub fn together() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Together/> }.into_any())
}

/// Shows a part that nobody waits for when the server answers; nothing before.
pub fn show_quietly<F>(client: Client, fetch: fn() -> F) -> AnyView
where
    F: Future<Output = Result<Draw, SplitLoaderError>> + 'static,
{
    let part = RwSignal::new(None::<Draw>);
    Effect::new(move |_| {
        if client.reach.get() == Reach::Answered && part.with_untracked(Option::is_none) {
            spawn_local_scoped_with_cancellation(async move { part.set(fetch().await.ok()) });
        }
    });
    (move || part.get().map(|draw| draw())).into_any()
}

/// How a part is fetched, whichever it is: what shows it is then in the program once, and not for each part.
pub type Fetch = fn() -> LocalBoxFuture<'static, Result<Draw, SplitLoaderError>>;

/// Shows a part when it is here, and a way to try again when it could not be fetched.
pub fn show(fetch: Fetch) -> AnyView {
    let i18n = use_texts();
    let part = RwSignal::new(None::<Result<Draw, ()>>);
    let attempt = move || {
        part.set(None);
        let fetching = fetch();
        spawn_local_scoped_with_cancellation(async move {
            let fetched = fetching.await.map_err(drop);
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
