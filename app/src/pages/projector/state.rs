//! What a wall and its presenter know: the board and the council of one edition, and what is shown of it.

use crate::client::archive;
use crate::client::context::Client;
use crate::client::live::{self, Connection, Feed};
use domain::board::Board;
use domain::id::{EditionId, PersonId};
use domain::language::Language;
use domain::projection::{Known, Projection};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One edition in the meeting room.
#[derive(Clone, Copy)]
pub struct Stage {
    /// The app's handles.
    pub client: Client,
    /// Where the stream puts what it learns.
    pub feed: Feed,
    /// The board and the council; none before the first word from the device or the server.
    pub known: RwSignal<Option<Arc<Known>>>,
    /// The boards of the other editions, as far as they are here.
    pub others: RwSignal<BTreeMap<EditionId, Board>>,
}

impl Stage {
    /// A stage that starts to fill at once.
    #[must_use]
    pub fn start(client: Client, person: PersonId, edition: EditionId) -> Self {
        let changed = RwSignal::new(0_u32);
        let feed = Feed {
            person,
            edition,
            board: StoredValue::new(None),
            opened: RwSignal::new(false),
            arrived: Callback::new(move |_| changed.update(|count| *count += 1)),
            connection: RwSignal::new(Connection::CatchingUp),
            as_of: RwSignal::new(None),
            projection: RwSignal::new(None),
            clock: RwSignal::new(0),
            heard: StoredValue::new(0),
        };
        let stage = Self { client, feed, known: RwSignal::new(None), others: RwSignal::new(BTreeMap::new()) };
        Effect::new(move |_| {
            changed.track();
            let board = feed.board.get_value();
            if let (Some(board), Some(council)) = (board, client.council.get()) {
                stage.known.set(Some(Arc::new(Known::of(board, council))));
            }
        });
        spawn_local_scoped_with_cancellation(live::run(client, feed));
        stage
    }

    /// What is shown; nothing chosen yet before the first word of it.
    #[must_use]
    pub fn projection(&self) -> Projection {
        self.feed.projection.get().unwrap_or_default()
    }

    /// The edition's name.
    #[must_use]
    pub fn edition_name(&self, language: Language) -> String {
        self.client.council.with(|council| {
            let editions = council.as_ref().map(|council| council.editions.as_slice()).unwrap_or_default();
            let edition = editions.iter().find(|edition| edition.id == self.feed.edition);
            edition.map(|edition| edition.name.get(language).to_owned()).unwrap_or_default()
        })
    }

    /// Fetches the other editions' boards, from the device first: the trend is drawn of all of them.
    pub async fn fetch_others(self) {
        let council = self.client.council.get_untracked();
        let editions = council.map(|council| council.editions).unwrap_or_default();
        for edition in editions.into_iter().map(|edition| edition.id).filter(|id| *id != self.feed.edition) {
            let kept = archive::kept(self.client, self.feed.person, edition).await;
            let put = |board: Board| self.others.update(|others| drop(others.insert(edition, board)));
            kept.iter().cloned().for_each(put);
            if let Ok(board) = archive::refreshed(self.client, self.feed.person, kept, edition).await {
                put(board);
            }
        }
    }
}
