//! One submitted item as the room sees it. Its title opens it in place, into the whole item.

use super::state::BoardState;
use super::view::show_insight;
use crate::client::{device, format};
use crate::components::header::written_in;
use crate::components::when::When;
use crate::words::{self, boxed, text, use_texts};
use domain::id::ItemId;
use leptos::prelude::*;

impl BoardState {
    /// A text, with what was searched in it marked once the part that looks words up is here.
    #[must_use]
    pub fn marked(&self, text: &str) -> AnyView {
        match *self.insight.get() {
            Some(Ok(insight)) => self.text.with(|search| (insight.marked)(text, search)),
            _ => text.to_owned().into_any(),
        }
    }
}

impl BoardState {
    /// Closes the open card. Whoever was in it is at its title again.
    pub fn close(&self) {
        device::lead_to(".card--open .card__open", ".groups");
        self.go(|place| place.item = None);
    }
}

/// The card: whose, which section, the words in their own language, and when. It changes in place.
#[component]
pub fn CardView(
    /// The board.
    state: BoardState,
    /// Which item.
    item: ItemId,
    /// The column it stands in.
    place: usize,
) -> impl IntoView {
    let i18n = use_texts();
    let Some(card) = state.card(item) else { return ().into_any() };
    let card = StoredValue::new(card);
    let card = move || card.with_value(ArcRwSignal::get);
    let when = move || {
        let (card, language) = (card(), words::language(i18n));
        let (date, time) = (format::date(card.changed_at(), language), format::time(card.changed_at(), language));
        let when = match card.amended_at {
            Some(_) => text!(i18n, board.amended_at, date = date, time = time).to_string(),
            None => text!(i18n, board.submitted_at, date = date, time = time).to_string(),
        };
        written_in(i18n, card.language).map_or(when.clone(), |text| format!("{when} · {text}"))
    };
    let badge = move || {
        let (card, since) = (card(), state.looked.get().map(|looked| looked.since));
        match (card.is_newer_than(since), since.is_some_and(|since| card.submitted_at <= since)) {
            (false, _) => None,
            (true, true) => Some(text!(i18n, board.badge_amended)),
            (true, false) => Some(text!(i18n, board.badge)),
        }
    };
    let open = Memo::new(move |_| state.is_open(item, place));
    let language = move || card().language.code();
    let heading = format!("card-{place}-{item}");
    let label = heading.clone();
    let flip = move |_| {
        let open = open.get_untracked();
        state.open_in.set(Some(place));
        if open { state.close() } else { state.go(|place| place.item = Some(item)) }
    };
    // Escape leads back to the presenter only from outside of an open card.
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            state.close();
        }
    };
    view! {
        <li class="card" on:keydown=escape class:card--new=move || badge().is_some() class:card--open=move || open.get() data-card=item.to_string()>
            <article aria-labelledby=label>
                <p class="card__over">
                    <span class="card__member">{move || state.marked(&state.member_name(card().member))}</span>
                    <span class="card__section">{move || words::section_title(i18n, card().section)}</span>
                    {move || badge().map(|badge| view! { <span class="card__badge">{badge}</span> })}
                </p>
                <h3 class="card__title" lang=boxed(language)>
                    <button type="button" class="card__open" id=heading aria-expanded=boxed(move || open.get().to_string()) on:click=flip>
                        {move || state.marked(&card().title)}
                    </button>
                </h3>
                <p class="card__text" lang=boxed(language)>
                    {move || state.marked(&card().text)}
                </p>
                <p class="card__when">{when}</p>
                <When is=boxed(move || open.get())>{move || show_insight(state, move |insight| (insight.detail)(state, item))}</When>
            </article>
        </li>
    }
    .into_any()
}
