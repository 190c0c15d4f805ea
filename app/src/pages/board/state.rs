//! The board on the screen: what the device has of it, what of that is shown, and what is marked as new.
//!
//! The replica is the truth of this tab. A change of it moves `version`, and the selection is made anew in one pass;
//! a card that is on the screen has a signal of its own, so that it changes in place. While the board is held, both
//! wait.
//!
//! Cards are there first: what stands around them ([`super::rest::Rest`]) is of a part that comes after.

use super::rest::Rest;
use crate::client::address::{Address, use_address};
use crate::client::context::Client;
use crate::client::live::{self, Connection, Feed};
use crate::client::{device, local};
use crate::parts::Insight;
use crate::reactive::{Computed, Slot};
use crate::routes::Page;
use crate::words::{self, Texts, use_texts};
use domain::board::looked::Looked;
use domain::board::place::Place;
use domain::board::selection::{Hits, Looking, Selection};
use domain::board::standing::Standing;
use domain::board::tally::Columns;
use domain::board::{Applied, Board, Card};
use domain::edition::Edition;
use domain::id::{EditionId, ItemId, MemberId, PersonId};
use domain::language::Language;
use domain::member::Member;
use domain::projection::Projection;
use domain::theme::Theme;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::BTreeMap;

/// Who sits at the table and which themes there are, ready to be looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The members in the order of the tour de table.
    pub tour: Vec<Member>,
    /// The same by their ids.
    pub members: BTreeMap<MemberId, Member>,
    /// The themes in their order, retired ones too.
    pub themes: Vec<Theme>,
    /// All editions, newest meeting first.
    pub editions: Vec<Edition>,
}

impl Table {
    /// The names of a card's member, in both languages.
    pub fn names_of(&self, card: &Card) -> impl Iterator<Item = &str> {
        let member = self.members.get(&card.member).into_iter().flat_map(|member| [&member.short, &member.name]);
        member.flat_map(|name| Language::ALL.map(|language| name.get(language)))
    }
}

/// One board on one screen.
#[derive(Clone, Copy)]
pub struct BoardState {
    /// The app's handles.
    pub client: Client,
    /// Whose eyes.
    pub person: PersonId,
    /// Which edition is shown.
    pub edition: EditionId,
    /// The address bar.
    pub address: Address,
    /// How the connection stands.
    pub connection: RwSignal<Connection>,
    /// The server's clock at its last word.
    pub as_of: RwSignal<Option<Timestamp>>,
    /// Whether the device has been read.
    pub opened: RwSignal<bool>,
    /// Where the person is.
    pub place: Computed<Place>,
    /// What is shown.
    pub selection: Computed<Selection>,
    /// Members, themes, editions.
    pub table: Computed<Table>,
    /// What is searched at this moment; ahead of the address by a pause in typing.
    pub text: RwSignal<String>,
    /// The cards that have its words, once they have been looked up.
    pub found: Slot<Hits>,
    /// What came after this is new.
    pub looked: Slot<Option<Looked>>,
    /// Items that arrived while the board was open.
    pub arrivals: Slot<Vec<ItemId>>,
    /// Changes that wait while the board is held; none while it is not.
    pub held: Slot<Option<Vec<Applied>>>,
    /// The column in which a card was opened; a card with two themes is opened in one of them.
    pub open_in: Slot<Option<usize>>,
    /// What the wall of the meeting room shows.
    pub projection: RwSignal<Option<Projection>>,
    /// What draws more than cards, once it is here.
    pub insight: Slot<Option<Result<Insight, ()>>>,
    /// What stands around the cards, once that part is here.
    pub rest: StoredValue<Option<Rest>>,
    /// Told of every change of the cards; none: all of them.
    pub told: StoredValue<Option<Callback<Option<Vec<Applied>>>>>,
    /// How many other editions are on the device.
    pub others: RwSignal<usize>,
    /// Whose work ends when the screen is left.
    pub owner: StoredValue<Option<Owner>>,
    pub(super) i18n: Texts,
    version: RwSignal<u64>,
    /// The order in which the cards stand. Those that arrive later come last: nothing moves.
    standing: StoredValue<Standing>,
    cards: StoredValue<BTreeMap<ItemId, ArcRwSignal<Card>>>,
    pub(super) board: StoredValue<Option<Board>>,
}

impl BoardState {
    /// A board that starts to fill at once.
    #[must_use]
    pub fn start(client: Client, person: PersonId, edition: EditionId) -> Self {
        let address = use_address();
        let place = Computed::new(move || Place::of_query(&address.query.get()));
        let table = Computed::new(move || client.council.with(table_of));
        let (board, standing) = (StoredValue::new(None), StoredValue::new(Standing::default()));
        let looked = Slot::new(local::looked(person, edition));
        let version = RwSignal::new(0);
        let text = RwSignal::new(place.now().filter.text.clone());
        let found = Slot::new(Hits::default());
        let selection = Computed::new(move || {
            version.track();
            let (table, place, found, looked) = (table.get(), place.get(), found.get(), looked.get());
            let columns = Columns::of(&table.themes);
            let searched = !text.get().trim().is_empty();
            let (members, filter) = (&table.members, &place.filter);
            let (found, looked) = (searched.then_some(&*found), looked.map(|looked| looked.since));
            board.with_value(|board: &Option<Board>| {
                board.iter().for_each(|board| standing.update_value(|standing| standing.stand_under(&columns, board)));
            });
            standing.with_value(|standing| Selection::of(standing, Looking { members, filter, found, looked }))
        });
        let state = Self {
            client,
            person,
            edition,
            address,
            connection: RwSignal::new(Connection::CatchingUp),
            as_of: RwSignal::new(None),
            opened: RwSignal::new(false),
            place,
            selection,
            table,
            text,
            found,
            looked,
            arrivals: Slot::new(Vec::new()),
            held: Slot::new(None),
            open_in: Slot::new(None),
            projection: RwSignal::new(None),
            insight: Slot::new(None),
            rest: StoredValue::new(None),
            told: StoredValue::new(None),
            others: RwSignal::new(0),
            owner: StoredValue::new(Owner::current()),
            i18n: use_texts(),
            version,
            standing,
            cards: StoredValue::new(BTreeMap::new()),
            board,
        };
        state.note_looks();
        let arrived = Callback::new(move |applied| state.hear(applied));
        let (connection, as_of, projection) = (state.connection, state.as_of, state.projection);
        let clock = RwSignal::new(0);
        let (heard, opened) = (StoredValue::new(0), state.opened);
        let feed = Feed { person, edition, board, opened, arrived, connection, as_of, projection, clock, heard };
        spawn_local_scoped_with_cancellation(live::run(client, feed));
        state
    }

    /// Whether the device or the server has said anything yet.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.as_of.get().is_some()
    }

    /// Goes to a place that is made of the present one. The way back leads here.
    pub fn go(&self, change: impl FnOnce(&mut Place)) {
        let mut place = Place::clone(&self.place.now());
        change(&mut place);
        self.go_to(&place);
    }

    fn go_to(&self, place: &Place) {
        self.address.go(&place.address(&Page::Board.path(words::language_now(self.i18n))), false);
    }

    /// The address of a place that is made of the present one.
    #[must_use]
    pub fn address_of(&self, change: impl FnOnce(&mut Place)) -> String {
        let mut place = Place::clone(&self.place.now());
        change(&mut place);
        place.address(&Page::Board.path(words::language_now(self.i18n)))
    }

    /// The same as a link that follows where the person is, and the language of the screen.
    pub fn href(&self, change: impl Fn(&mut Place) + Send + Sync + 'static) -> Box<dyn Fn() -> String + Send + Sync> {
        let state = *self;
        words::boxed(move || {
            let mut place = Place::clone(&state.place.get());
            change(&mut place);
            place.address(&Page::Board.path(words::language(state.i18n)))
        })
    }

    /// A card that is on the screen; it changes in place. None when it is not on the board.
    #[must_use]
    pub fn card(&self, id: ItemId) -> Option<ArcRwSignal<Card>> {
        if let Some(known) = self.cards.with_value(|cards| cards.get(&id).cloned()) {
            return Some(known);
        }
        let card = ArcRwSignal::new(self.with_board(|board| board.cards.get(&id).cloned()).flatten()?);
        self.cards.update_value(|cards| drop(cards.insert(id, card.clone())));
        Some(card)
    }

    /// Looks at the whole board, and again when it changes; none before anything is known.
    pub fn with_board<T>(&self, look: impl FnOnce(&Board) -> T) -> Option<T> {
        self.version.track();
        self.board.with_value(|board| board.as_ref().map(look))
    }

    /// A name of a member that fits on a card.
    #[must_use]
    pub fn member_name(&self, member: MemberId) -> String {
        let language = words::language(self.i18n);
        let table = self.table.get();
        table.members.get(&member).map(|member| member.short.get(language).to_owned()).unwrap_or_default()
    }

    /// Holds the board still, or lets it go on with what came meanwhile.
    pub fn hold(&self, hold: bool) {
        let waited = self.held.now();
        self.held.set(hold.then(Vec::new));
        if let Some(applied) = waited.as_ref().as_ref().filter(|_| !hold) {
            self.show(applied.clone());
        }
    }

    /// Everything that is on the board has been seen.
    pub fn seen(&self) {
        if let Some(now) = self.as_of.get_untracked() {
            self.look(Looked::all(now));
        }
    }

    fn look(&self, looked: Looked) {
        self.looked.set(Some(looked));
        local::keep_looked(self.person, self.edition, looked);
    }

    /// While the board is in sight, each word of the server is a look at it.
    fn note_looks(self) {
        Effect::new(move |_| {
            let Some(now) = self.as_of.get().filter(|_| device::is_visible()) else { return };
            let before = local::looked(self.person, self.edition).or(*self.looked.now());
            let looked = Looked::at(before, now);
            local::keep_looked(self.person, self.edition, looked);
            // What is marked follows only when it is another look.
            if self.looked.now().is_none_or(|known| known.since != looked.since) {
                self.looked.set(Some(looked));
            }
        });
    }

    /// What stands around the cards. Only what is drawn by its part asks for it.
    #[must_use]
    pub fn rest(&self) -> Rest {
        self.rest.get_value().expect("its part put it there when it came")
    }

    /// Does something until the screen is left, whoever began it.
    pub fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        if let Some(Some(owner)) = self.owner.try_get_value() {
            owner.with(|| spawn_local_scoped_with_cancellation(work));
        }
    }

    fn tell(&self, applied: Option<Vec<Applied>>) {
        if let Some(told) = self.told.get_value() {
            told.run(applied);
        }
    }

    /// Whether a card is open in a column: where it was opened, or else in the first that it stands in.
    #[must_use]
    pub fn is_open(&self, item: ItemId, column: usize) -> bool {
        if self.place.get().item != Some(item) {
            return false;
        }
        let selection = self.selection.get();
        let stands = |column: usize| selection.columns.get(column).is_some_and(|items| items.contains(&item));
        match self.open_in.get().filter(|chosen| stands(*chosen)) {
            Some(chosen) => chosen == column,
            None => (0..column).all(|before| !stands(before)),
        }
    }

    fn hear(&self, applied: Option<Vec<Applied>>) {
        let Some(applied) = applied else { return self.show_all() };
        match &*self.held.now() {
            Some(held) => self.held.set(Some(held.iter().copied().chain(applied).collect())),
            None => self.show(applied),
        }
    }

    fn show_all(&self) {
        let table = self.table.now();
        self.board.with_value(|board| {
            let Some(board) = board else { return };
            self.standing.set_value(Standing::of(board, &table.members, Columns::of(&table.themes)));
            self.cards.update_value(|known| {
                known.retain(|id, _| board.cards.contains_key(id));
                for (id, signal) in known {
                    put(signal, &board.cards[id]);
                }
            });
        });
        if self.held.now().is_some() {
            self.held.set(Some(Vec::new()));
        }
        self.version.update(|version| *version += 1);
        self.tell(None);
    }

    fn show(&self, applied: Vec<Applied>) {
        let mut new = Vec::new();
        self.tell(Some(applied.clone()));
        for applied in applied {
            let (Applied::New(id) | Applied::Changed(id) | Applied::Removed(id)) = applied else { continue };
            let card = self.board.with_value(|board| board.as_ref().and_then(|board| board.cards.get(&id).cloned()));
            let Some(card) = card else {
                self.standing.update_value(|standing| standing.remove(id));
                self.cards.update_value(|cards| drop(cards.remove(&id)));
                continue;
            };
            if let Some(signal) = self.cards.with_value(|cards| cards.get(&id).cloned()) {
                put(&signal, &card);
            }
            if self.standing.try_update_value(|standing| standing.put(&card)) == Some(true) {
                new.push(id);
            }
        }
        self.version.update(|version| *version += 1);
        if !new.is_empty() {
            self.arrivals.set(self.arrivals.now().iter().copied().chain(new).collect());
        }
    }
}

/// A card that says what it said stays as it is.
fn put(signal: &ArcRwSignal<Card>, card: &Card) {
    if signal.with_untracked(|known| known != card) {
        signal.set(card.clone());
    }
}

fn table_of(council: &Option<domain::council::CouncilView>) -> Table {
    let council = council.as_ref();
    let tour = council.map(|council| council.members.clone()).unwrap_or_default();
    Table {
        members: tour.iter().map(|member| (member.id, member.clone())).collect(),
        tour,
        themes: council.map(|council| council.themes.clone()).unwrap_or_default(),
        editions: council.map(|council| council.editions.clone()).unwrap_or_default(),
    }
}
