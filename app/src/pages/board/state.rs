//! The board on the screen: a signal for each card, and the order in which they stand.

use crate::client::context::Client;
use crate::client::live::{self, Connection, Feed};
use domain::board::{Applied, Board, Card};
use domain::council::CouncilView;
use domain::id::{EditionId, ItemId, PersonId};
use domain::section::Section;
use domain::theme::ThemeId;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::{BTreeMap, BTreeSet};

/// One board on one screen.
#[derive(Clone, Copy)]
pub struct BoardState {
    /// The app's handles.
    pub client: Client,
    /// How the connection stands.
    pub connection: RwSignal<Connection>,
    /// The server's clock at its last word.
    pub as_of: RwSignal<Option<Timestamp>>,
    /// Only this section, or all.
    pub section: RwSignal<Option<Section>>,
    /// Items that arrived while the board was open.
    pub arrived: RwSignal<BTreeSet<ItemId>>,
    /// The cards in the order in which they stand. Those that arrive later come last: nothing moves.
    order: RwSignal<Vec<ItemId>>,
    cards: StoredValue<BTreeMap<ItemId, RwSignal<Card>>>,
    board: StoredValue<Option<Board>>,
}

impl BoardState {
    /// A board that starts to fill at once.
    #[must_use]
    pub fn start(client: Client, person: PersonId, edition: EditionId) -> Self {
        let state = Self {
            client,
            connection: RwSignal::new(Connection::CatchingUp),
            as_of: RwSignal::new(None),
            section: RwSignal::new(None),
            arrived: RwSignal::new(BTreeSet::new()),
            order: RwSignal::new(Vec::new()),
            cards: StoredValue::new(BTreeMap::new()),
            board: StoredValue::new(None),
        };
        let feed = Feed {
            person,
            edition,
            board: state.board,
            arrived: Callback::new(move |applied| state.show(applied)),
            connection: state.connection,
            as_of: state.as_of,
            projection: RwSignal::new(None),
            clock: RwSignal::new(0),
        };
        spawn_local_scoped_with_cancellation(live::run(client, feed));
        state
    }

    /// Whether the device or the server has said anything yet.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.as_of.get().is_some()
    }

    /// The cards under a theme, or those without one, in the chosen section, in the order in which they stand.
    #[must_use]
    pub fn under(&self, theme: Option<&ThemeId>) -> Vec<(ItemId, RwSignal<Card>)> {
        let (order, section) = (self.order.get(), self.section.get());
        self.cards.with_value(|cards| {
            let card = |id: &ItemId| cards.get(id).map(|card| (*id, *card));
            let belongs = |(_, card): &(ItemId, RwSignal<Card>)| {
                card.with(|card| {
                    let here = match theme {
                        Some(theme) => card.themes.contains(theme),
                        None => card.themes.is_empty(),
                    };
                    here && section.is_none_or(|section| card.section == section)
                })
            };
            order.iter().filter_map(card).filter(belongs).collect()
        })
    }

    fn show(&self, applied: Option<Vec<Applied>>) {
        match applied {
            None => self.show_all(),
            Some(applied) => {
                for applied in applied {
                    self.show_one(applied);
                }
            }
        }
    }

    fn show_all(&self) {
        let Some(board) = self.board.get_value() else { return };
        let places = self.client.council.with_untracked(places_of);
        let mut cards: Vec<Card> = board.cards.into_values().collect();
        cards.sort_by_cached_key(|card| {
            (places.get(&card.member).copied().unwrap_or(u32::MAX), card.section, card.position.clone(), card.item)
        });
        self.order.set(Vec::new());
        let mut order = Vec::with_capacity(cards.len());
        self.cards.update_value(|known| {
            known.retain(|id, _| cards.iter().any(|card| card.item == *id));
            for card in cards {
                order.push(card.item);
                match known.get(&card.item) {
                    Some(signal) => signal.set(card),
                    None => drop(known.insert(card.item, RwSignal::new(card))),
                }
            }
        });
        self.order.set(order);
    }

    fn show_one(&self, applied: Applied) {
        let card = |id| self.board.with_value(|board| board.as_ref().and_then(|board| board.cards.get(&id).cloned()));
        match applied {
            Applied::New(id) | Applied::Changed(id) => {
                let Some(card) = card(id) else { return };
                let known = self.cards.with_value(|cards| cards.get(&id).copied());
                if let Some(signal) = known {
                    signal.set(card);
                } else {
                    self.cards.update_value(|cards| {
                        cards.insert(id, RwSignal::new(card));
                    });
                    self.order.update(|order| order.push(id));
                    self.arrived.update(|arrived| {
                        arrived.insert(id);
                    });
                }
            }
            Applied::Removed(id) => {
                self.order.update(|order| order.retain(|other| *other != id));
                self.cards.update_value(|cards| {
                    cards.remove(&id);
                });
            }
            Applied::Nothing => {}
        }
    }

    /// All cards that are shown, once each.
    #[must_use]
    pub fn total(&self) -> usize {
        let (order, section) = (self.order.get(), self.section.get());
        let shown = |card: &RwSignal<Card>| section.is_none_or(|section| card.with(|card| card.section == section));
        self.cards.with_value(|cards| order.iter().filter_map(|id| cards.get(id)).filter(|card| shown(card)).count())
    }
}

/// Each member's place in the tour de table.
fn places_of(council: &Option<CouncilView>) -> BTreeMap<domain::id::MemberId, u32> {
    let members = council.as_ref().map(|council| council.members.iter().map(|member| (member.id, member.position)));
    members.into_iter().flatten().collect()
}
