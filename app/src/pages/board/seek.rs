//! Searching the board: the words are looked up on the device as they are typed, and go into the address when the
//! person pauses.
//!
//! The index is made a stretch at a time between two frames, so that ten thousand cards do not hold up the first
//! screen; until it is whole, a search says that it is still reading.

use super::state::BoardState;
use crate::routes::Page;
use crate::words;
use domain::board::Applied;
use domain::board::index::Index;
use domain::board::place::Place;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

/// Cards that are read between two frames.
const STRETCH: usize = 100;
/// A pause in typing, in milliseconds, after which the address has the words.
const PAUSE: u32 = 300;

/// The search of one board.
#[derive(Clone, Copy)]
pub struct Seek {
    /// Whether the index has every card.
    pub ready: RwSignal<bool>,
    state: BoardState,
    index: StoredValue<Index>,
    /// Counts the readings: one that was overtaken ends.
    reading: StoredValue<u32>,
    typing: StoredValue<u32>,
}

impl Seek {
    /// Follows the board, and the address: the way back, and a link, lead to what was searched there.
    #[must_use]
    pub fn start(state: BoardState) -> Self {
        let (index, reading, typing) = (Index::default(), StoredValue::new(0), StoredValue::new(0));
        let seek = Self { ready: RwSignal::new(false), state, index: StoredValue::new(index), reading, typing };
        Effect::new(move |_| {
            let asked = state.place.get().filter.text.clone();
            if state.text.with_untracked(|text| *text != asked) {
                state.text.set(asked);
            }
        });
        Effect::new(move |_| {
            state.text.track();
            seek.look_up();
        });
        state.told.set_value(Some(Callback::new(move |applied| seek.hear(applied))));
        // The names of members are found too.
        Effect::new(move |_| {
            let _ = state.table.get();
            seek.read();
        });
        seek
    }

    /// Looks something up in the index.
    pub fn with_index<T>(&self, look: impl FnOnce(&Index) -> T) -> T {
        self.ready.track();
        self.index.with_value(look)
    }

    fn look_up(&self) {
        let found = self.state.text.with_untracked(|text| self.index.with_value(|index| index.search(text)));
        let found = found.unwrap_or_default();
        self.state.found.set(found);
    }

    /// The words as they are typed. The address has them after a pause, in place of the last ones.
    pub fn type_in(&self, typed: String) {
        let (seek, state) = (*self, self.state);
        state.text.set(typed);
        self.typing.update_value(|n| *n += 1);
        let (typing, this, here) = (self.typing, self.typing.get_value(), state.place.now());
        state.spawn(async move {
            TimeoutFuture::new(PAUSE).await;
            // Whoever went somewhere else meanwhile has left the words behind.
            if typing.get_value() == this && *here == *state.place.now() {
                seek.settle();
            }
        });
    }

    /// The address has the words now: whoever leaves the box may press what leads on from them.
    pub fn settle(&self) {
        let state = self.state;
        // A box that goes with its board is left too.
        let Some(typed) = state.text.try_get_untracked() else { return };
        let mut place = Place::clone(&state.place.now());
        if place.filter.text != typed {
            place.filter.text = typed;
            state.address.go(&place.address(&Page::Board.path(words::language_now(state.i18n))), true);
        }
    }

    fn hear(&self, applied: Option<Vec<Applied>>) {
        let Some(applied) = applied else { return self.read() };
        let table = self.state.table.now();
        self.state.board.with_value(|board| {
            self.index.update_value(|index| {
                for applied in &applied {
                    let (Applied::New(id) | Applied::Changed(id) | Applied::Removed(id)) = applied else { continue };
                    match board.as_ref().and_then(|board| board.cards.get(id)) {
                        Some(card) => index.put(card, table.names_of(card)),
                        None => index.remove(*id),
                    }
                }
            });
        });
        self.look_up();
    }

    /// Reads the whole board, a stretch at a time.
    fn read(&self) {
        self.reading.update_value(|n| *n += 1);
        let (seek, this, board) = (*self, self.reading.get_value(), self.state.board);
        let items = board.with_value(|board| {
            board.as_ref().map(|board| board.cards.keys().copied().collect::<Vec<_>>()).unwrap_or_default()
        });
        seek.ready.set(false);
        seek.index.set_value(Index::default());
        self.state.spawn(async move {
            for stretch in items.chunks(STRETCH) {
                // What is on the screen goes first.
                TimeoutFuture::new(0).await;
                if seek.reading.get_value() != this {
                    return;
                }
                let table = seek.state.table.now();
                board.with_value(|board| {
                    let cards = stretch.iter().filter_map(|item| board.as_ref()?.cards.get(item));
                    seek.index.update_value(|index| cards.for_each(|card| index.put(card, table.names_of(card))));
                });
            }
            seek.look_up();
            seek.ready.set(true);
        });
    }
}
