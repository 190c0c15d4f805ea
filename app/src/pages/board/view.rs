//! The page: the connection, the filter, the themes with their counts, and the cards under each.

use super::group::Group;
use super::state::BoardState;
use crate::client::address::use_address;
use crate::client::context::use_client;
use crate::client::format;
use crate::client::live::Connection;
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::section::Section;
use domain::sync::status::Reach;
use domain::theme::Theme;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::BTreeSet;

/// Between two announcements, in milliseconds.
const ANNOUNCE_EVERY: u32 = 10_000;
/// How long arrivals are gathered before the first word of them, in milliseconds.
const GATHER: u32 = 1_000;

/// The board of the current edition.
#[component]
pub fn Board() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let current = Memo::new(move |_| {
        let person = client.identity.with(|identity| identity.as_ref().map(|identity| identity.person))?;
        client
            .council
            .with(|council| council.as_ref().and_then(|c| c.current_edition()).map(|edition| (person, edition.id)))
    });
    view! {
        {move || match current.get() {
            Some((person, edition)) => {
                let state = BoardState::start(client, person, edition);
                view! { <Live state/> }.into_any()
            }
            None => view! {
                <h1 id="page-title" tabindex="-1">{say!(i18n, titles.board)}</h1>
                {move || if client.identity.with(Option::is_none) {
                    view! { <p><a href=Page::SignIn.path(words::language(i18n))>{say!(i18n, nav.sign_in)}</a></p> }.into_any()
                } else if matches!(client.reach.get(), Reach::Unreachable | Reach::Troubled) {
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
    let themes =
        Memo::new(move |_| state.client.council.with(|c| c.as_ref().map(|c| c.themes.clone()).unwrap_or_default()));
    let edition = move || {
        let language = words::language(i18n);
        state.client.council.with(|council| {
            council.as_ref().and_then(|c| c.current_edition()).map(|edition| edition.name.get(language).to_owned())
        })
    };
    announce(state);
    follow_filter(state);
    view! {
        <div class="heading">
            <p class="heading__over">{edition}</p>
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.board)}</h1>
        </div>
        <div class="board-bar">
            <ConnectionLine state/>
            <Filter state/>
        </div>
        <When is=boxed(move || state.is_known()) otherwise=move || view! { <Unknown state/> }>
            <nav class="themes" aria-label=say!(i18n, board.themes)>
                <ul>
                    <For each=move || themes.get() key=|theme| theme.id.clone() let:theme>
                        <ThemeLink state theme=Some(theme)/>
                    </For>
                    <ThemeLink state theme=None/>
                </ul>
            </nav>
            <div class="groups">
                <For each=move || themes.get() key=|theme| theme.id.clone() let:theme>
                    <Group state theme=Some(theme)/>
                </For>
                <Group state theme=None/>
            </div>
        </When>
    }
}

/// A theme with the number of its items; leads to its group.
#[component]
fn ThemeLink(state: BoardState, theme: Option<Theme>) -> impl IntoView {
    let i18n = use_texts();
    let theme = StoredValue::new(theme);
    let slug = theme.with_value(|theme| theme.as_ref().map_or("none".to_owned(), |theme| theme.id.to_string()));
    let count = Memo::new(move |_| theme.with_value(|theme| state.under(theme.as_ref().map(|theme| &theme.id)).len()));
    let name = move || {
        theme.with_value(|theme| match theme {
            Some(theme) => theme.name.get(words::language(i18n)).to_owned(),
            None => text!(i18n, board.none).to_owned(),
        })
    };
    let target = format!("theme-{slug}");
    let href = format!("#{target}");
    view! {
        <li>
            <a
                href=href
                data-colour=theme.with_value(|theme| theme.as_ref().map_or("slate", |theme| theme.colour.as_str()))
                on:click=move |event| {
                    event.prevent_default();
                    event.stop_propagation();
                    crate::client::device::focus_later(target.clone());
                }
            >
                <span class="themes__count">{count}</span>
                <span class="themes__name">{name}</span>
            </a>
        </li>
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

#[component]
fn ConnectionLine(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    view! {
        <p class="connection" data-connection=boxed(move || kind(state.connection.get()))>
            <span class="connection__mark" aria-hidden="true"></span>
            <When is=boxed(move || state.is_known()) >{move || connection_text(i18n, state)}</When>
            <span class="connection__count">
                {move || state.is_known().then(|| text!(i18n, board.count, count = state.total()).to_string())}
            </span>
        </p>
    }
}

#[component]
fn Unknown(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    view! {
        {move || if state.connection.get() == Connection::Offline {
            view! { <p>{say!(i18n, board.offline_empty)}</p> }.into_any()
        } else if state.connection.get() == Connection::SignedOut {
            view! { <p><a href=boxed(move || Page::SignIn.path(words::language(i18n)))>{say!(i18n, status.sign_in_link)}</a></p> }.into_any()
        } else {
            view! { <p role="status">{say!(i18n, loading)}</p> }.into_any()
        }}
    }
}

/// One section, or all; the choice is in the address, and goes with it through the language switch.
#[component]
fn Filter(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let address = use_address();
    let choose = Callback::new(move |section: Option<Section>| {
        let path = Page::Board.path(words::language_now(i18n));
        let path = section.map_or(path.clone(), |section| format!("{path}?section={}", section.as_str()));
        address.go(&path, true);
    });
    let option = move |section: Option<Section>| {
        let name = move || match section {
            Some(section) => words::section_title(i18n, section),
            None => text!(i18n, board.all),
        };
        view! {
            <label class="chip">
                <input type="radio" name="section"
                    prop:checked=boxed(move || state.section.get() == section) on:change=move |_| choose.run(section)/>
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="chips">
            <legend>{say!(i18n, board.filter)}</legend>
            {option(None)}
            {Section::ALL.map(|section| option(Some(section)))}
        </fieldset>
    }
}

fn follow_filter(state: BoardState) {
    let address = use_address();
    Effect::new(move |_| {
        let asked = address.query_value("section");
        let section = asked.and_then(|asked| Section::ALL.into_iter().find(|section| section.as_str() == asked));
        if state.section.get_untracked() != section {
            state.section.set(section);
        }
    });
}

/// Says politely how many items arrived, at most once in ten seconds, all of them together.
fn announce(state: BoardState) {
    let i18n = use_texts();
    spawn_local_scoped_with_cancellation(async move {
        let mut told = 0;
        loop {
            TimeoutFuture::new(GATHER).await;
            let arrived = state.arrived.with_untracked(BTreeSet::len);
            if arrived > told {
                let count = arrived - told;
                let text = untrack(|| text!(i18n, board.announce, count = count).to_string());
                state.client.announcement.set(text);
                told = arrived;
                TimeoutFuture::new(ANNOUNCE_EVERY).await;
            }
        }
    });
}
