//! How the connection stands, and what of the edition is on this device.

use super::state::BoardState;
use crate::client::format;
use crate::client::live::Connection;
use crate::components::when::When;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use leptos::prelude::*;

fn connection_text(i18n: Texts, state: BoardState) -> String {
    let language = words::language(i18n);
    let as_of = state.as_of.get().unwrap_or_default();
    let (date, time) = (format::date(as_of, language), format::time(as_of, language));
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

/// The line.
#[component]
pub fn ConnectionLine(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let count = move || {
        let count = state.with_board(|board| board.cards.len())?;
        let (as_of, language) = (state.as_of.get()?, words::language(i18n));
        let (date, time) = (format::date(as_of, language), format::time(as_of, language));
        let mut line = text!(i18n, board.on_device, count).to_string();
        // While the connection is away, that is said before.
        if !matches!(state.connection.get(), Connection::Offline | Connection::SignedOut) {
            line.push_str(&text!(i18n, board.on_device_as_of, date, time).to_string());
        }
        if state.others.get() > 0 {
            line.push_str(&text!(i18n, board.on_device_others, others = state.others.get()).to_string());
        }
        Some(line)
    };
    let held = Memo::new(move |_| state.held.get().is_some());
    view! {
        <p class="connection" data-connection=boxed(move || kind(state.connection.get()))>
            <span class="connection__mark" aria-hidden="true"></span>
            <When is=boxed(move || state.is_known() || state.connection.get() == Connection::CatchingUp)>{move || connection_text(i18n, state)}</When>
            <When is=boxed(move || held.get())><span class="connection__held">{say!(i18n, board.held_still)}</span></When>
            <span class="connection__count">{count}</span>
        </p>
    }
}
