//! What a search finds in every edition: asked of the server, ranked by it, with what was looked for marked.

use super::state::BoardState;
use crate::client::http;
use crate::components::when::When;
use crate::words::{self, boxed, say, text, use_texts};
use domain::board::found::{Found, Hit, Piece};
use domain::board::place::Place;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// A pause in typing, in milliseconds, after which the server is asked.
const PAUSE: u32 = 350;

/// The list, while words are searched; nothing is asked before somebody opens it.
#[component]
pub fn FoundView(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let open = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<Found, ()>>);
    let asking = StoredValue::new(0_u32);
    let owner = Owner::current();
    let ask = move || {
        asking.update_value(|n| *n += 1);
        let this = asking.get_value();
        let search = state.text.get_untracked();
        answer.set(None);
        let work = async move {
            TimeoutFuture::new(PAUSE).await;
            if asking.get_value() != this {
                return;
            }
            let query = String::from(js_sys::encode_uri_component(search.trim()));
            let answered = http::get::<Found>(&format!("/api/search?q={query}")).await.map_err(drop);
            if asking.get_value() == this {
                answer.set(Some(answered));
            }
        };
        owner.as_ref().inspect(|owner| owner.with(|| spawn_local_scoped_with_cancellation(work)));
    };
    let again = ask.clone();
    Effect::new(move |_| {
        let any = state.text.with(|text| !text.trim().is_empty());
        if open.get() && any {
            ask();
        }
    });
    let again = StoredValue::new_local(again);
    view! {
        <details class="behind found" on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>{say!(i18n, board.every_edition)}</summary>
            {move || match answer.get() {
                None => view! { <p role="status">{text!(i18n, loading).to_owned()}</p> }.into_any(),
                Some(Ok(found)) => list(state, found),
                Some(Err(())) => view! {
                    <p role="alert">{text!(i18n, board.every_edition_offline).to_owned()}</p>
                    <button type="button" class="button" on:click=move |_| again.with_value(|again| again())>{text!(i18n, part.retry).to_owned()}</button>
                }.into_any(),
            }}
        </details>
    }
}

fn list(state: BoardState, found: Found) -> AnyView {
    let i18n = use_texts();
    let total = found.total;
    let count = if found.more {
        text!(i18n, board.found_at_least, total).to_string()
    } else {
        text!(i18n, board.found, total).to_string()
    };
    let entry = move |hit: Hit| {
        let place = Place { edition: state.in_address(hit.edition), item: Some(hit.item), ..Place::default() };
        let href = state.address_of(|now| *now = place);
        let edition = state.edition_name(hit.edition).unwrap_or_default();
        let over =
            format!("{} · {edition} · {}", state.member_name(hit.member), words::section_title(i18n, hit.section));
        let language = hit.language.code();
        view! {
            <li>
                <p class="card__when">{over}</p>
                <a class="found__title" href=href lang=language>{pieces(hit.title)}</a>
                <p lang=language>{pieces(hit.excerpt)}</p>
            </li>
        }
        .into_any()
    };
    let any = !found.hits.is_empty();
    view! {
        <p role="status">{count}</p>
        <When is=boxed(move || any)><ol class="found__list">{found.hits.clone().into_iter().map(entry).collect_view()}</ol></When>
    }
    .into_any()
}

fn pieces(pieces: Vec<Piece>) -> AnyView {
    let piece = |Piece { text, hit }: Piece| {
        if hit { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
    };
    pieces.into_iter().map(piece).collect_view().into_any()
}
