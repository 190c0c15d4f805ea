//! What stands over every view: the views to choose from, the meeting, the search and the filters.

use super::filters::{Chosen, Filters};
use super::follow::Follow;
use super::found::FoundView;
use super::named::Named;
use super::state::BoardState;
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::board::place::View;
use domain::council::permit::Action;
use leptos::prelude::*;

/// The bar.
#[must_use]
pub fn bar(state: BoardState) -> AnyView {
    view! {
        <Follow state/>
        <div class="board-bar board-bar--views">
            <Views state/>
            <Meeting state/>
        </div>
        <div class="board-bar board-bar--choose">
            <Search state/>
            <Filters state/>
        </div>
        <Named state/>
        <Chosen state/>
        <When is=boxed(move || state.text.with(|text| !text.trim().is_empty()))><FoundView state/></When>
    }
    .into_any()
}

/// What one does with the board in a meeting: present it, open the wall, hold it still.
#[component]
fn Meeting(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let held = Memo::new(move |_| state.held.get().as_ref().as_ref().map(Vec::len));
    let client = state.client;
    let presents = Memo::new(move |_| client.may(Action::Present));
    let hold = move || match held.get() {
        None => text!(i18n, board.hold).to_owned(),
        Some(0) => text!(i18n, board.let_go).to_owned(),
        Some(count) => text!(i18n, board.let_go_of, count).to_string(),
    };
    view! {
        <div class="meeting">
            <When is=boxed(move || presents.get())>
                <a class="button button--quiet" href=boxed(move || Page::Presenter.path(words::language(i18n)))>
                    {say!(i18n, board.present)}
                </a>
            </When>
            <a class="button button--quiet" target="_blank" rel="noopener"
                href=boxed(move || Page::Projector.path(words::language(i18n)))>{say!(i18n, board.wall)}</a>
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
        let current = boxed(move || (state.place.get().view == view).then_some("page"));
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
    let seek = state.rest().seek;
    let busy = Memo::new(move |_| !seek.ready.get() && state.text.with(|text| !text.trim().is_empty()));
    // Escape empties what was typed; it leads back to the presenter only from where there is nothing to empty.
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && !state.text.with_untracked(String::is_empty) {
            event.stop_propagation();
        }
    };
    view! {
        <div class="search" role="search" on:keydown=escape>
            <label for="search">{say!(i18n, board.search)}</label>
            <input id="search" type="search" autocomplete="off" maxlength="100" spellcheck="true"
                prop:value=boxed(move || state.text.get())
                on:input:target=move |event| seek.type_in(event.target().value()) on:blur=move |_| seek.settle()/>
            <When is=boxed(move || busy.get())><p class="hint" role="status">{say!(i18n, board.search_reading)}</p></When>
        </div>
    }
}
