//! What stands beside the board that is shown: the other editions, and the members' contact persons.

use super::rest::Rest;
use super::state::{self, BoardState};
use crate::client::context::Client;
use crate::client::journal::Table;
use crate::client::{archive, http};
use crate::words;
use domain::board::contacts::Contacts;
use domain::board::index::Index;
use domain::board::{Board, Card};
use domain::council::CouncilView;
use domain::id::{EditionId, MemberId, PersonId};
use domain::json;
use domain::report::submitted::SubmittedContact;
use domain::sync::journal::{Write, owned_by};
use leptos::prelude::*;
use std::sync::Arc;

/// Another edition's board, ready to be looked up.
pub struct Beside {
    /// Its cards.
    pub board: Board,
    /// Their words.
    pub index: Index,
}

impl Beside {
    fn of(board: Board, table: &state::Table) -> Arc<Self> {
        let mut index = Index::default();
        board.cards.values().for_each(|card| index.put(card, table.names_of(card)));
        Arc::new(Self { board, index })
    }
}

fn put(state: BoardState, rest: Rest, edition: EditionId, board: Board) {
    let beside = Beside::of(board, &state.table.now());
    rest.others.update(|others| match others.iter_mut().find(|(id, _)| *id == edition) {
        Some((_, known)) => *known = beside,
        None => others.push((edition, beside)),
    });
    state.others.set(rest.others.with_untracked(Vec::len));
}

/// Brings the other editions and the contacts to the device, after the board that is shown.
pub async fn bring(state: BoardState, rest: Rest) {
    let (client, person, shown) = (state.client, state.person, state.edition);
    if let Some(kept) = kept_contacts(client, person, shown).await {
        rest.contacts.set(Some(kept));
    }
    let editions = state.table.now().editions.iter().map(|edition| edition.id).collect::<Vec<_>>();
    let mut kept = Vec::new();
    for edition in editions.into_iter().filter(|id| *id != shown) {
        let board = archive::kept(client, person, edition).await;
        if let Some(board) = &board {
            put(state, rest, edition, board.clone());
        }
        kept.push((edition, board));
    }
    ask_contacts(client, person, shown, rest.contacts).await;
    for (edition, kept) in kept {
        let before = kept.as_ref().map(|board| board.cursor);
        if let Ok(board) = archive::refreshed(client, person, kept, edition).await
            && before != Some(board.cursor)
        {
            put(state, rest, edition, board);
        }
    }
}

fn contacts_row(person: PersonId, edition: EditionId) -> String {
    format!("{}{edition}/contacts", owned_by(person))
}

async fn kept_contacts(client: Client, person: PersonId, edition: EditionId) -> Option<Contacts> {
    let row = contacts_row(person, edition);
    let rows = client.journal().read(Table::Board, &row).await.ok()?;
    rows.get(&row).and_then(|row| json::read(row).ok())
}

async fn ask_contacts(client: Client, person: PersonId, edition: EditionId, contacts: RwSignal<Option<Contacts>>) {
    let Ok(answer) = http::get::<Contacts>(&format!("/api/board/{edition}/contacts")).await else { return };
    let write = Write::put(contacts_row(person, edition), json::write(&answer));
    // A device that cannot keep them shows them all the same, and asks again.
    let _ = client.journal().update(Table::Board, &[], |_| (vec![write], ())).await;
    contacts.set(Some(answer));
}

impl BoardState {
    /// Asks for the contacts again: a report may have been submitted with another one since.
    pub fn refresh_contacts(&self) {
        self.spawn(ask_contacts(self.client, self.person, self.edition, self.rest().contacts));
    }

    /// The contact person of a member's report, as it was submitted.
    #[must_use]
    pub fn contact_of(&self, member: MemberId) -> Option<SubmittedContact> {
        self.rest().contacts.with(|contacts| contacts.as_ref().and_then(|contacts| contacts.of(member).cloned()))
    }

    /// The edition that the board opens on.
    #[must_use]
    pub fn current_edition(&self) -> EditionId {
        let current = |council: &Option<CouncilView>| council.as_ref()?.current_edition().map(|edition| edition.id);
        self.client.council.with(current).unwrap_or(self.edition)
    }

    /// How an address names an edition: not at all while the board opens on it.
    #[must_use]
    pub fn in_address(&self, edition: EditionId) -> Option<EditionId> {
        (edition != self.current_edition()).then_some(edition)
    }

    /// The name of an edition in the language of the screen.
    #[must_use]
    pub fn edition_name(&self, edition: EditionId) -> Option<String> {
        let language = words::language(self.i18n);
        let table = self.table.get();
        table.editions.iter().find(|known| known.id == edition).map(|edition| edition.name.get(language).to_owned())
    }

    /// Items of other members that are like this one, in this edition and in the others; the most alike first.
    #[must_use]
    pub fn similar(&self, card: &Card, most: usize) -> Vec<(EditionId, Card)> {
        let mut similar: Vec<(u32, EditionId, Card)> = Vec::new();
        let mut look = |edition: EditionId, board: &Board, index: &Index| {
            let of_others = |item| board.cards.get(&item).is_some_and(|other| other.member != card.member);
            for (item, score) in index.similar(card, most, of_others) {
                similar.push((score, edition, board.cards[&item].clone()));
            }
        };
        self.with_board(|board| self.rest().seek.with_index(|index| look(self.edition, board, index)));
        self.rest()
            .others
            .with(|others| others.iter().for_each(|(edition, beside)| look(*edition, &beside.board, &beside.index)));
        similar.sort_by_key(|(score, _, _)| std::cmp::Reverse(*score));
        similar.truncate(most);
        similar.into_iter().map(|(_, edition, card)| (edition, card)).collect()
    }
}
