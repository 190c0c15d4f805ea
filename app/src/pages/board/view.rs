//! The page: which edition, what stands over every view, and the view that the address names.

use super::arrivals::Arrivals;
use super::columns::ColumnsView;
use super::connection::ConnectionLine;
use super::edition::EditionChoice;
use super::follow::Following;
use super::state::BoardState;
use super::strayed::Strayed;
use crate::client::address::use_address;
use crate::client::context::use_client;
use crate::client::device;
use crate::client::live::{self, Connection};
use crate::components::when::When;
use crate::parts;
use crate::words::{self, boxed, say, text, use_texts};
use domain::board::place::View;
use domain::sync::status::Reach;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// Between two announcements, in milliseconds.
const ANNOUNCE_EVERY: u32 = 10_000;
/// How long nothing must have arrived before the first word of what did, in milliseconds.
const GATHER: u32 = 1_000;

/// The board of the edition that the address names, or of the current one.
#[component]
pub fn Board() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let address = use_address();
    Following::provide();
    device::style_the_room();
    let shown = live::looking_at(client);
    view! {
        {move || match shown.get() {
            Some((person, edition)) => {
                let state = BoardState::start(client, person, edition);
                view! { <Live state/> }.into_any()
            }
            None => view! {
                <h1 id="page-title" tabindex="-1">{say!(i18n, titles.board)}</h1>
                {move || if client.identity.with(Option::is_none) {
                    view! { <p><a href=address.sign_in(words::language(i18n))>{say!(i18n, nav.sign_in)}</a></p> }.into_any()
                } else if matches!(client.reach.get(), Reach::Unreachable | Reach::Troubled | Reach::NoRoom) {
                    view! { <p>{say!(i18n, board.offline_empty)}</p> }.into_any()
                } else {
                    view! { <p role="status">{say!(i18n, loading)}</p> }.into_any()
                }}
            }.into_any(),
        }}
    }
}

#[component]
fn Live(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    announce(state);
    let view = Memo::new(move |_| state.place.get().view);
    view! {
        <div class="board-top">
            <div class="board-head">
                <h1 id="page-title" tabindex="-1">{say!(i18n, titles.board)}</h1>
                <EditionChoice state/>
                <Arrivals state/>
                <ConnectionLine state/>
            </div>
            <div class="controls">{show_insight(state, move |insight| (insight.bar)(state))}</div>
        </div>
        <Strayed state/>
        <When is=boxed(move || state.is_known()) otherwise=move || view! { <Unknown state/> }>
            {move || match view.get() {
                View::Columns => view! { <ColumnsView state/> }.into_any(),
                View::Matrix => show_insight(state, move |insight| (insight.matrix)(state)),
                View::Charts => show_insight(state, move |insight| (insight.charts)(state)),
                View::Trend => show_insight(state, move |insight| (insight.trend)(state)),
                View::Member => show_insight(state, move |insight| (insight.tour)(state)),
            }}
        </When>
    }
}

/// Shows something of the part that draws more than cards, when it is here.
#[must_use]
pub fn show_insight(state: BoardState, draw: impl Fn(parts::Insight) -> AnyView + Send + Sync + 'static) -> AnyView {
    let i18n = use_texts();
    let part = state.insight;
    let fetch = move || {
        if !matches!(*part.now(), Some(Ok(_))) {
            part.set(None);
            state.spawn(async move {
                let fetched = parts::insight().await.map_err(drop);
                if let Ok(insight) = &fetched
                    && state.rest.with_value(Option::is_none)
                {
                    (insight.start)(state);
                }
                part.set(Some(fetched));
            });
        }
    };
    // What the device has is on the screen first.
    Effect::new(move |_| {
        if state.opened.get() {
            fetch();
        }
    });
    (move || match *part.get() {
        Some(Ok(insight)) => draw(insight),
        None => view! { <p role="status">{text!(i18n, loading).to_owned()}</p> }.into_any(),
        Some(Err(())) => view! {
            <p role="alert">{text!(i18n, part.text).to_owned()}</p>
            <button type="button" class="button" on:click=move |_| fetch()>{text!(i18n, part.retry).to_owned()}</button>
        }
        .into_any(),
    })
    .into_any()
}

#[component]
fn Unknown(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    view! {
        {move || if state.connection.get() == Connection::Offline {
            view! { <p>{say!(i18n, board.offline_empty)}</p> }.into_any()
        } else if state.connection.get() == Connection::SignedOut {
            view! { <p><a href=boxed(move || state.address.sign_in(words::language(i18n)))>{say!(i18n, status.sign_in_link)}</a></p> }.into_any()
        } else {
            view! { <p role="status">{say!(i18n, loading)}</p> }.into_any()
        }}
    }
}

/// Says politely how many items arrived, at most once in ten seconds, all of them together.
fn announce(state: BoardState) {
    let i18n = use_texts();
    spawn_local_scoped_with_cancellation(async move {
        let (mut told, mut before) = (0, 0);
        loop {
            TimeoutFuture::new(GATHER).await;
            let arrived = state.arrivals.now().len();
            // While they still come in, they are not told of one by one.
            let settled = arrived == before;
            before = arrived;
            if arrived > told && settled {
                let count = arrived - told;
                let text = untrack(|| text!(i18n, board.announce, count = count).to_string());
                state.client.announcement.set(text);
                told = arrived;
                TimeoutFuture::new(ANNOUNCE_EVERY).await;
            }
        }
    });
}
