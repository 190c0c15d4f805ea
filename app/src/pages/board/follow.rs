//! Following the presenter of the meeting room on one's own device, or browsing freely and coming back with one key.

use super::state::BoardState;
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, boxed, say, text, use_texts};
use domain::board::place::Place;
use domain::projection::Projection;
use leptos::prelude::*;

/// How a person stands to the presenter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// Looks at the board by themselves.
    Alone,
    /// Goes where the presenter goes.
    Follows,
    /// Followed, then went somewhere else: Escape leads back.
    Strayed,
}

/// The place that is presented on this board; none while nobody presents.
fn presented(state: BoardState) -> Option<Place> {
    let at = |projection: &Projection| projection.presenter.as_ref().map(|_| projection.where_on_board());
    let place = state.projection.with(|projection| projection.as_ref().and_then(at))?;
    let edition = (state.edition != state.current_edition()).then_some(state.edition);
    Some(Place { edition, ..place })
}

/// The choice, while somebody presents.
#[component]
pub fn Follow(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let stand = RwSignal::new(Stand::Alone);
    let there = Memo::new(move |_| presented(state));
    let go_there = move || {
        if let Some(place) = there.get_untracked() {
            let path = Page::Board.path(words::language_now(i18n));
            state.address.go(&place.address(&path), true);
        }
    };
    // Where the presenter goes, and where the person goes: whichever moved last decides.
    Effect::new(move |before: Option<Option<Place>>| {
        let (there, here) = (there.get(), state.place.get());
        if stand.get() == Stand::Follows {
            if before.as_ref() != Some(&there) {
                go_there();
            } else if there.as_ref().is_some_and(|there| *there != *here) {
                stand.set(Stand::Strayed);
            }
        }
        there
    });
    let follow = move || {
        stand.set(Stand::Follows);
        go_there();
    };
    let back = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && stand.get_untracked() == Stand::Strayed {
            follow();
        }
    });
    on_cleanup(move || back.remove());
    let press = move |_| if stand.get_untracked() == Stand::Follows { stand.set(Stand::Alone) } else { follow() };
    let who = move || {
        let name = |projection: &Projection| projection.presenter.as_ref().map(|presenter| presenter.name.clone());
        let name = state.projection.with(|projection| projection.as_ref().and_then(name)).unwrap_or_default();
        match stand.get() {
            Stand::Alone => text!(i18n, board.presents, name = name).to_string(),
            Stand::Follows => text!(i18n, board.follows, name = name).to_string(),
            Stand::Strayed => text!(i18n, board.strayed, name = name).to_string(),
        }
    };
    view! {
        <When is=boxed(move || there.get().is_some())>
            <div class="follow">
                <p role="status">{who}</p>
                <button type="button" class="button" aria-pressed=boxed(move || (stand.get() == Stand::Follows).to_string()) on:click=press>
                    {say!(i18n, board.follow)}
                </button>
            </div>
        </When>
    }
}
