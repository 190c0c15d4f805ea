//! Searching the board: the words are looked up on the device as they are typed, and go into the address when the
//! person pauses.
//!
//! The index is made a stretch at a time between two frames, so that ten thousand cards do not hold up the first
//! screen; until it is whole, a search says that it is still reading.

use crate::client::address::Address;
use crate::routes::Page;
use crate::words::{self, Texts};
use domain::board::index::Index;
use domain::board::place::Place;
use domain::board::{Board, Card};
use domain::id::ItemId;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::HashMap;

/// Cards that are read between two frames.
const STRETCH: usize = 100;
/// A pause in typing, in milliseconds, after which the address has the words.
const PAUSE: u32 = 300;

/// The search of one board.
#[derive(Clone, Copy)]
pub struct Seek {
    /// What is typed at this moment; ahead of the address by a pause.
    pub text: RwSignal<String>,
    /// Whether the index has every card.
    pub ready: RwSignal<bool>,
    index: StoredValue<Index>,
    /// Counts the readings: one that was overtaken ends.
    reading: StoredValue<u32>,
    typing: StoredValue<u32>,
    version: RwSignal<u64>,
    owner: StoredValue<Option<Owner>>,
}

impl Seek {
    /// Follows the address: the way back, and a link, lead to what was searched there.
    #[must_use]
    pub fn start(place: Memo<Place>, version: RwSignal<u64>) -> Self {
        let text = RwSignal::new(place.with_untracked(|place| place.filter.text.clone()));
        Effect::new(move |_| {
            let asked = place.with(|place| place.filter.text.clone());
            if text.with_untracked(|text| *text != asked) {
                text.set(asked);
            }
        });
        Self {
            text,
            ready: RwSignal::new(false),
            index: StoredValue::new(Index::default()),
            reading: StoredValue::new(0),
            typing: StoredValue::new(0),
            version,
            owner: StoredValue::new(Owner::current()),
        }
    }

    /// The cards that have the words; none when nothing is searched.
    #[must_use]
    pub fn found(&self) -> Option<HashMap<ItemId, u32>> {
        self.text.with(|text| self.index.with_value(|index| index.search(text)))
    }

    /// Looks something up in the index.
    pub fn with_index<T>(&self, look: impl FnOnce(&Index) -> T) -> T {
        self.ready.track();
        self.index.with_value(look)
    }

    /// The words as they are typed. The address has them after a pause, in place of the last ones.
    pub fn type_in(&self, typed: String, address: Address, i18n: Texts) {
        self.text.set(typed.clone());
        self.typing.update_value(|n| *n += 1);
        let (typing, this) = (self.typing, self.typing.get_value());
        self.spawn(async move {
            TimeoutFuture::new(PAUSE).await;
            if typing.get_value() == this {
                let mut place = address.query.with_untracked(|query| Place::of_query(query));
                place.filter.text = typed;
                address.go(&place.address(&Page::Board.path(words::language_now(i18n))), true);
            }
        });
    }

    /// A card changed, or is gone.
    pub fn put(&self, item: ItemId, card: Option<&Card>) {
        self.index.update_value(|index| match card {
            Some(card) => index.put(card),
            None => index.remove(item),
        });
    }

    /// Reads the whole board, a stretch at a time.
    pub fn read(&self, board: StoredValue<Option<Board>>) {
        self.reading.update_value(|n| *n += 1);
        let (seek, this) = (*self, self.reading.get_value());
        let items: Vec<ItemId> = board
            .with_value(|board| board.as_ref().map(|board| board.cards.keys().copied().collect()).unwrap_or_default());
        seek.ready.set(false);
        seek.index.set_value(Index::default());
        self.spawn(async move {
            for stretch in items.chunks(STRETCH) {
                // The first screen goes first.
                TimeoutFuture::new(0).await;
                if seek.reading.get_value() != this {
                    return;
                }
                board.with_value(|board| {
                    let cards = stretch.iter().filter_map(|item| board.as_ref()?.cards.get(item));
                    seek.index.update_value(|index| cards.for_each(|card| index.put(card)));
                });
            }
            seek.ready.set(true);
            if !seek.text.with_untracked(|text| text.trim().is_empty()) {
                seek.version.update(|version| *version += 1);
            }
        });
    }

    /// Until the screen is left.
    fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        if let Some(Some(owner)) = self.owner.try_get_value() {
            owner.with(|| spawn_local_scoped_with_cancellation(work));
        }
    }
}
