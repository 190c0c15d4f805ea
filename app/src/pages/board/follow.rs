//! Following the presenter of the meeting room on one's own device, or browsing freely and coming back with one key.

use super::state::BoardState;
use crate::client::device;
use crate::components::when::When;
use crate::reactive::{Computed, Slot};
use crate::routes::Page;
use crate::words::{self, boxed, text, use_texts};
use domain::board::place::Place;
use domain::id::EditionId;
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

/// Whom a person follows. It outlives the board of one edition: whoever strays to an earlier one finds back.
#[derive(Clone, Copy)]
pub struct Following {
    stand: RwSignal<Stand>,
    /// The edition that is presented, and the presenter's name when last heard.
    whom: Slot<Option<(EditionId, String)>>,
}

impl Following {
    /// Nobody, on all boards below here.
    pub fn provide() {
        provide_context(Self { stand: RwSignal::new(Stand::Alone), whom: Slot::new(None) });
    }

    /// The presenter of another edition than this, whom the person strayed from, and that edition.
    fn elsewhere(self, here: EditionId) -> Option<(EditionId, String)> {
        let whom = self.whom.get();
        (*whom).clone().filter(|(edition, _)| *edition != here && self.stand.get() != Stand::Alone)
    }
}

/// The place that is presented on this board; none while nobody presents.
fn presented(state: BoardState) -> Option<Place> {
    let at = |projection: &Projection| projection.presenter.as_ref().map(|_| projection.where_on_board());
    let place = state.projection.with(|projection| projection.as_ref().and_then(at))?;
    Some(Place { edition: state.in_address(state.edition), ..place })
}

/// Brings the beginning of a place into sight: the open card, or else the top of the page. On a phone, where much
/// stands over it, what says whom one follows, with the views under it.
fn lead(there: &Place) {
    let to_card = there.item.is_some();
    request_animation_frame(move || {
        if to_card {
            return device::lead_to(".card--open .card__open", ".groups");
        }
        let window = device::window();
        window.scroll_to_with_x_and_y(0.0, 0.0);
        let strip = window.document().and_then(|document| document.query_selector(".follow").ok().flatten());
        let screen = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
        strip
            .filter(|strip| strip.get_bounding_client_rect().top() > screen / 3.0)
            .inspect(web_sys::Element::scroll_into_view);
    });
}

/// The choice, while somebody presents.
#[component]
pub fn Follow(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let following = expect_context::<Following>();
    let stand = following.stand;
    let there = Memo::new(move |_| presented(state));
    let elsewhere = Computed::new(move || following.elsewhere(state.edition));
    let name = Memo::new(move |_| {
        let name = |projection: &Projection| projection.presenter.as_ref().map(|presenter| presenter.name.clone());
        let here = state.projection.with(|projection| projection.as_ref().and_then(name));
        elsewhere.get().as_ref().clone().map(|(_, name)| name).or(here).unwrap_or_default()
    });
    if elsewhere.now().is_some() {
        stand.set(Stand::Strayed);
    }
    let go = move |place: &Place| {
        let path = Page::Board.path(words::language_now(state.i18n));
        state.address.go(&place.address(&path), true);
    };
    // Where the presenter goes, and where the person goes: whichever moved last decides.
    Effect::new(move |before: Option<Option<Place>>| {
        let (there, here) = (there.get(), state.place.get());
        if stand.get() == Stand::Follows {
            // Whoever it is now: the place is handed over.
            if there.is_some() {
                following.whom.set(Some((state.edition, name.get())));
            }
            if before.as_ref() != Some(&there) {
                there.iter().for_each(|there| {
                    go(there);
                    lead(there);
                });
            } else if there.as_ref().is_some_and(|there| *there != *here) {
                stand.set(Stand::Strayed);
            }
        }
        there
    });
    let follow = move || {
        stand.set(Stand::Follows);
        if let Some((edition, _)) = *elsewhere.now() {
            // The board of that edition knows where.
            return state.go(|place| *place = Place { edition: state.in_address(edition), ..Place::default() });
        }
        let Some(there) = there.get_untracked() else { return };
        go(&there);
        // Whoever comes back has read elsewhere, perhaps far down.
        lead(&there);
    };
    let back = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && stand.get_untracked() == Stand::Strayed {
            follow();
        }
    });
    on_cleanup(move || back.remove());
    let press = move |_| if stand.get_untracked() == Stand::Follows { stand.set(Stand::Alone) } else { follow() };
    let who = move || match stand.get() {
        Stand::Alone => text!(i18n, board.presents, name = name.get()).to_string(),
        Stand::Follows => text!(i18n, board.follows, name = name.get()).to_string(),
        Stand::Strayed => text!(i18n, board.strayed, name = name.get()).to_string(),
    };
    view! {
        <When is=boxed(move || there.get().is_some() || elsewhere.get().is_some())>
            <div class="follow">
                <p role="status">{who}</p>
                <button type="button" class="button" on:click=press>
                    {move || if stand.get() == Stand::Follows { text!(i18n, board.unfollow) } else { text!(i18n, board.follow) }}
                </button>
            </div>
        </When>
    }
}
