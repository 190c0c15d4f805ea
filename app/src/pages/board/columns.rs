//! The cards under each theme. A theme with many shows the first of them, and more as one reads on.

use super::card::CardView;
use super::give_way;
use super::state::BoardState;
use crate::client::device;
use crate::components::more::More;
use crate::components::sight;
use crate::components::when::When;
use crate::reactive::{Computed, Slot};
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::board::place::theme_slug;
use domain::id::ItemId;
use domain::theme::{Theme, ThemeState};
use gloo_timers::future::TimeoutFuture;
use leptos::html::{Div, Section};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// Cards of a theme that are drawn at first, and each time one reads on.
const STRETCH: usize = 12;

/// Cards that a column shows on the first screen.
const FIRST: usize = 2;

/// The width that a column needs, and the one with which its cards are as large as elsewhere, with the gap beside it;
/// and the page's margins. In rem.
const COLUMN: f64 = 14.25;
const WIDE_COLUMN: f64 = 19.0;
const MARGINS: f64 = 4.0;

/// What a frame may take, in milliseconds.
const FRAME: u32 = 16;

/// A column of the board: its place among the themes, and the theme; none for the items without one.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its place in [`domain::board::selection::Selection::columns`].
    pub place: usize,
    /// Its theme.
    pub theme: Option<Theme>,
}

impl Column {
    /// Its name in the language of the screen.
    #[must_use]
    pub fn name(&self, i18n: Texts) -> String {
        match &self.theme {
            Some(theme) => theme.name.get(words::language(i18n)).to_owned(),
            None => text!(i18n, board.none).to_owned(),
        }
    }

    fn text(&self, i18n: Texts) -> String {
        match &self.theme {
            Some(theme) => theme.description.get(words::language(i18n)).to_owned(),
            None => text!(i18n, board.none_text).to_owned(),
        }
    }

    /// Its colour token.
    #[must_use]
    pub fn colour(&self) -> &'static str {
        self.theme.as_ref().map_or("slate", |theme| theme.colour.as_str())
    }

    fn heading(&self) -> String {
        match &self.theme {
            Some(theme) => format!("theme-{}", theme_slug(Some(&theme.id))),
            None => "theme-none".to_owned(),
        }
    }
}

impl BoardState {
    /// The columns that are shown: themes that can be chosen, retired ones that an item still carries, and none.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let table = self.table.get();
        let themes = table.themes.iter().cloned().enumerate();
        let shown = |(place, theme): &(usize, Theme)| {
            let carried = || self.under(*place) > 0;
            theme.state == ThemeState::Active || carried()
        };
        let columns = themes.filter(shown).map(|(place, theme)| Column { place, theme: Some(theme) });
        columns.chain([Column { place: table.themes.len(), theme: None }]).collect()
    }

    fn under(&self, place: usize) -> usize {
        self.selection.get().columns.get(place).map_or(0, Vec::len)
    }
}

/// The view: the themes with their counts, and the cards under each.
#[component]
pub fn ColumnsView(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let columns = Computed::new(move || state.columns());
    lead_to_open(state);
    let groups = NodeRef::<Div>::new();
    groups.on_load(move |groups| {
        let changed = give_way::watch(&groups);
        Effect::new(move |_| {
            let _ = (state.place.get().item, state.open_in.get());
            // When it is drawn.
            request_animation_frame(changed);
        });
    });
    // While something is looked for, themes that have nothing of it step aside.
    let chosen =
        Memo::new(move |_| !state.place.get().filter.is_empty() || !state.text.with(|text| text.trim().is_empty()));
    let shown = Memo::new(move |_| {
        let columns = columns.get();
        if chosen.get() { columns.iter().filter(|column| state.under(column.place) > 0).count() } else { columns.len() }
    });
    let (side, wide) = (room_for(COLUMN, shown), room_for(WIDE_COLUMN, shown));
    let many = Memo::new(move |_| side.get() && shown.get() > 2);
    let aside = move |place: usize| boxed(move || chosen.get() && state.under(place) == 0);
    let twice = Memo::new(move |_| {
        let selection = state.selection.get();
        selection.columns.iter().map(Vec::len).sum::<usize>() > selection.items.len()
    });
    view! {
        <When is=boxed(move || shown.get() == 0)><p class="empty">{say!(i18n, board.none_match)}</p></When>
        <div
            class="columns"
            class:columns--side=move || side.get()
            class:columns--narrow=move || side.get() && !wide.get()
            class:columns--many=move || many.get()
            style=("--columns", boxed(move || shown.get().to_string()))
        >
            <nav class="themes" aria-label=say!(i18n, board.themes)>
                <ul>
                    {boxed(move || columns.get().iter().map(|column| view! { <ThemeLink state column=column.clone() aside=aside(column.place)/> }.into_any()).collect_view())}
                </ul>
            </nav>
            <div class="groups" node_ref=groups>
                {boxed(move || columns.get().iter().map(|column| view! { <Group state column=column.clone() aside=aside(column.place)/> }.into_any()).collect_view())}
            </div>
        </div>
        <When is=boxed(move || twice.get())><p class="hint">{say!(i18n, board.counted_twice)}</p></When>
    }
}

/// Whether the window has the room for so many columns of a width, as the style sheet's media queries would say it.
fn room_for(width: f64, columns: Memo<usize>) -> Memo<bool> {
    let resized = RwSignal::new(());
    let listener = window_event_listener_untyped("resize", move |_| resized.set(()));
    on_cleanup(move || listener.remove());
    Memo::new(move |_| {
        resized.track();
        let columns = u32::try_from(columns.get()).unwrap_or(u32::MAX);
        let wanted = format!("(width >= {}rem)", f64::from(columns).mul_add(width, MARGINS));
        columns > 0
            && device::window().match_media(&wanted).is_ok_and(|media| media.is_some_and(|media| media.matches()))
    })
}

/// Whoever comes to an open card by a link, or back to it, is led to it. Whoever opened it here is there already.
fn lead_to_open(state: BoardState) {
    Effect::new(move |before: Option<Option<ItemId>>| {
        // It may come after the rest of the board: the link was newer than what the device has.
        let open = state.place.get().item.filter(|item| state.selection.get().items.contains(item));
        if open.is_some() && before != Some(open) {
            request_animation_frame(|| device::lead_to(".card--open .card__open", ".groups"));
        }
        open
    });
}

/// A theme with the number of its items; leads to its group.
#[component]
fn ThemeLink(state: BoardState, column: Column, aside: Box<dyn Fn() -> bool + Send + Sync>) -> impl IntoView {
    let i18n = use_texts();
    let (place, target, colour) = (column.place, column.heading(), column.colour());
    let count = Memo::new(move |_| state.under(place));
    view! {
        <li hidden=aside>
            <a
                href=format!("#{target}")
                data-colour=colour
                on:click=move |event| {
                    event.prevent_default();
                    event.stop_propagation();
                    device::focus_later(target.clone());
                }
            >
                <span class="themes__count">{count}</span>
                <span class="themes__name">{boxed(move || column.name(i18n))}</span>
            </a>
        </li>
    }
}

/// A theme with its cards.
#[component]
fn Group(state: BoardState, column: Column, aside: Box<dyn Fn() -> bool + Send + Sync>) -> impl IntoView {
    let i18n = use_texts();
    let (place, heading, colour) = (column.place, column.heading(), column.colour());
    let drawn = RwSignal::new(STRETCH);
    // A sheet of paper cannot be scrolled.
    let print = window_event_listener_untyped("beforeprint", move |_| drawn.set(usize::MAX));
    on_cleanup(move || print.remove());
    let count = Memo::new(move |_| state.under(place));
    let wanted = Computed::new(move || {
        let (open, selection) = (state.place.get().item, state.selection.get());
        let items = selection.columns.get(place).map(Vec::as_slice).unwrap_or_default();
        // A link to a card that stands far down: all before it are drawn too, so that nothing moves later.
        let to = open.and_then(|open| items.iter().position(|item| *item == open)).map_or(0, |at| at + 1);
        let (first, rest) = items.split_at(drawn.get().max(to).min(items.len()));
        // What arrives while the room looks is there at once, however many stand before it.
        let arrivals = state.arrivals.get();
        let arrived = rest.iter().filter(|item| arrivals.contains(item));
        first.iter().chain(arrived).copied().collect::<Vec<ItemId>>()
    });
    let section = NodeRef::<Section>::new();
    let cards = in_turn(state, wanted, drawn, section, place);
    let left = Memo::new(move |_| count.get().saturating_sub(cards.get().len()));
    let described = column.clone();
    view! {
        <section class="group" hidden=aside node_ref=section data-colour=colour aria-labelledby=heading.clone()>
            <div class="group__head">
                <h2 id=heading.clone() tabindex="-1">{boxed(move || column.name(i18n))}</h2>
                <p class="group__count">{boxed(move || text!(i18n, board.count, count = count.get()).to_string())}</p>
                <p class="group__text">{boxed(move || described.text(i18n))}</p>
            </div>
            <When is=boxed(move || count.get() == 0)><p class="empty">{say!(i18n, board.empty)}</p></When>
            <ul class="cards">
                <For each=move || cards.get().to_vec() key=|item| *item let:item><CardView state item place/></For>
            </ul>
            <When is=boxed(move || left.get() != 0 && !cards.get().is_empty())>
                <More left=left.into() draw=Callback::new(move |()| drawn.update(|drawn| *drawn = cards.now().len().max(*drawn).saturating_add(STRETCH)))/>
            </When>
        </section>
    }
}

/// The first cards of a group that is in sight are drawn at once, all others in a frame of their group's own: whoever
/// comes to the board, or ticks a filter, sees what they look at at once, however much stands below.
fn in_turn(
    state: BoardState,
    wanted: Computed<Vec<ItemId>>,
    drawn: RwSignal<usize>,
    section: NodeRef<Section>,
    place: usize,
) -> Slot<Vec<ItemId>> {
    let cards = Slot::new(Vec::<ItemId>::new());
    // Until the browser has said so: the first one fills a screen.
    let in_sight = StoredValue::new(place == 0);
    section.on_load(move |section| sight::watch(&section, move |seen| in_sight.set_value(seen)));
    let turn = FRAME * u32::try_from(place + 1).unwrap_or(1);
    Effect::new(move |_| {
        let now = wanted.get();
        // Whoever follows a link to a card goes there at once; what is printed is there before the sheet is made.
        let leads_here = state.place.now().item.is_some_and(|open| now.contains(&open));
        let (here, in_sight) = (cards.now(), in_sight.get_value());
        let few = now.iter().filter(|item| !here.contains(item)).count() <= FIRST;
        if leads_here || drawn.get_untracked() == usize::MAX || (in_sight && few) || *here == *now {
            return cards.set(now.to_vec());
        }
        if in_sight {
            // What stands there already stays, as far as it is the same.
            let same = here.iter().zip(now.iter()).take_while(|(here, now)| here == now).count();
            cards.set(now[..same.max(FIRST).min(now.len())].to_vec());
        }
        // A change that comes before the turn takes its place.
        spawn_local_scoped_with_cancellation(async move {
            TimeoutFuture::new(turn).await;
            cards.set(now.to_vec());
        });
    });
    cards
}
