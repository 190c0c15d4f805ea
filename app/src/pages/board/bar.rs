//! What stands over every view: the connection, what is new, the views to choose from, the search and the filters.

use super::filters::{Chosen, Filters};
use super::state::BoardState;
use crate::client::format;
use crate::client::live::Connection;
use crate::components::when::When;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::board::place::View;
use leptos::prelude::*;

/// The bar.
#[component]
pub fn Bar(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    view! {
        <div class="board-bar">
            <ConnectionLine state/>
            <News state/>
        </div>
        <Views state/>
        <div class="board-bar board-bar--choose">
            <Search state/>
            <Filters state/>
        </div>
        <Chosen state/>
    }
}

fn connection_text(i18n: Texts, state: BoardState) -> String {
    let language = words::language(i18n);
    let as_of = state.as_of.get().unwrap_or_default();
    let (date, time) = (format::date(as_of), format::time(as_of, language));
    match state.connection.get() {
        Connection::Live => text!(i18n, board.live).to_owned(),
        Connection::CatchingUp => text!(i18n, board.catching_up).to_owned(),
        Connection::Polling => text!(i18n, board.polling).to_owned(),
        Connection::Offline => text!(i18n, board.offline, date = date, time = time).to_string(),
        Connection::SignedOut => text!(i18n, board.signed_out, date = date, time = time).to_string(),
    }
}

const fn kind(connection: Connection) -> &'static str {
    match connection {
        Connection::Live => "live",
        Connection::CatchingUp => "catching-up",
        Connection::Polling => "polling",
        Connection::Offline => "offline",
        Connection::SignedOut => "signed-out",
    }
}

/// How the connection stands, and what of the edition is on this device.
#[component]
fn ConnectionLine(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let count = move || {
        let all = state.with_board(|board| board.cards.len());
        all.map(|count| text!(i18n, board.on_device, count).to_string())
    };
    view! {
        <p class="connection" data-connection=boxed(move || kind(state.connection.get()))>
            <span class="connection__mark" aria-hidden="true"></span>
            <When is=boxed(move || state.is_known())>{move || connection_text(i18n, state)}</When>
            <span class="connection__count">{count}</span>
        </p>
    }
}

/// What came since the person last looked, and holding the board still.
#[component]
fn News(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let new = Memo::new(move |_| state.selection.with(|selection| selection.new_in_all));
    let only = Memo::new(move |_| state.place.with(|place| place.filter.new));
    let held = Memo::new(move |_| state.held.with(|held| held.as_ref().map(Vec::len)));
    let hold = move || match held.get() {
        None => text!(i18n, board.hold).to_owned(),
        Some(0) => text!(i18n, board.let_go).to_owned(),
        Some(count) => text!(i18n, board.let_go_of, count).to_string(),
    };
    view! {
        <div class="news">
            <When is=boxed(move || new.get() != 0 && !only.get())>
                <a class="button news__new" data-keep-place=""
                    href=state.href(|place| place.filter.new = true)>
                    {move || text!(i18n, board.new_show, count = new.get()).to_string()}
                </a>
            </When>
            <When is=boxed(move || new.get() != 0)>
                <button type="button" class="button button--quiet" on:click=move |_| {
                    state.seen();
                    if only.get_untracked() {
                        state.go(|place| place.filter.new = false);
                    }
                    crate::client::device::focus_later("page-title".to_owned());
                }>{say!(i18n, board.seen)}</button>
            </When>
            <button type="button" class="button button--quiet" aria-pressed=boxed(move || held.get().is_some().to_string())
                on:click=move |_| state.hold(held.get_untracked().is_none())>{hold}</button>
        </div>
    }
}

fn view_name(i18n: Texts, view: View) -> &'static str {
    match view {
        View::Columns => text!(i18n, board.view_columns),
        View::Matrix => text!(i18n, board.view_matrix),
        View::Charts => text!(i18n, board.view_charts),
        View::Trend => text!(i18n, board.view_trend),
        View::Member => text!(i18n, board.view_member),
    }
}

/// The views, each a link: the way back leads to the one before.
#[component]
fn Views(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let link = move |view: View| {
        let href = state.href(move |place| {
            place.view = view;
            place.item = None;
        });
        let current = boxed(move || (state.place.with(|place| place.view) == view).then_some("page"));
        view! { <li><a href=href aria-current=current data-keep-place="">{boxed(move || view_name(i18n, view))}</a></li> }
            .into_any()
    };
    view! {
        <nav class="views" aria-label=say!(i18n, board.views)>
            <ul>{View::ALL.map(link).into_iter().collect_view()}</ul>
        </nav>
    }
}

/// Words to look for. They are looked up while they are typed.
#[component]
fn Search(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let seek = state.seek;
    let busy = Memo::new(move |_| !seek.ready.get() && seek.text.with(|text| !text.trim().is_empty()));
    view! {
        <div class="search" role="search">
            <label for="search">{say!(i18n, board.search)}</label>
            <input id="search" type="search" autocomplete="off" maxlength="100" spellcheck="true"
                prop:value=boxed(move || seek.text.get())
                on:input:target=move |event| seek.type_in(event.target().value(), state.address, i18n)/>
            <When is=boxed(move || busy.get())><p class="hint" role="status">{say!(i18n, board.search_reading)}</p></When>
        </div>
    }
}
