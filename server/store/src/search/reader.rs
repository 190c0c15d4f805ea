//! The reader of the log that keeps the index of words: it reads all cards from the tables once, after the start, and
//! then follows the batches, after they were acknowledged.

use super::index::{Index, Scores};
use crate::error::StoreError;
use crate::gather;
use crate::log::Mark;
use crate::memory::Memory;
use crate::tables::{self, Tables};
use domain::board::{BoardChange, KnownBoardChange};
use domain::id::EditionId;
use domain::report::state::EventKind;
use domain::sync::wire::Seq;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use tokio::sync::watch;

/// How long to wait when the database did not answer.
const PAUSE: Duration = Duration::from_millis(250);
/// How long somebody waits for the index: at a start with many cards it takes a while.
const PATIENCE: Duration = Duration::from_secs(30);

/// The index, and how far it is. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Words {
    memory: Memory,
    index: Arc<RwLock<Index>>,
    reached: watch::Receiver<Option<Seq>>,
    wanted: Arc<tokio::sync::Notify>,
}

impl Words {
    /// Starts the reader. It ends with the writer.
    pub fn start(db: Arc<Surreal<Any>>, memory: Memory, tables: Tables, head: watch::Receiver<Mark>) -> Self {
        let (tell, reached) = watch::channel(None);
        let (index, wanted) = (Arc::default(), Arc::default());
        let words = Self { memory, index, reached, wanted };
        tokio::spawn(words.clone().run(db, tables, head, tell));
        words
    }

    /// What a query finds on everything that the log has now.
    ///
    /// # Errors
    /// When the index does not get there.
    pub async fn search(
        &self,
        query: &[String],
        edition: Option<EditionId>,
        candidates: usize,
    ) -> Result<Scores, StoreError> {
        let head = self.memory.head().seq;
        let mut reached = self.reached.clone();
        if reached.borrow_and_update().is_none_or(|at| at < head) {
            self.wanted.notify_one();
            match tokio::time::timeout(PATIENCE, reached.wait_for(|at| at.is_some_and(|at| at >= head))).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) => return Err(StoreError::Stopped),
                Err(_) => return Err(StoreError::WordsBehind { log: head }),
            }
        }
        Ok(self.index.read().unwrap_or_else(PoisonError::into_inner).search(query, edition, candidates))
    }

    async fn run(
        self,
        db: Arc<Surreal<Any>>,
        tables: Tables,
        mut head: watch::Receiver<Mark>,
        tell: watch::Sender<Option<Seq>>,
    ) {
        let mut cursor = None;
        loop {
            cursor = match cursor.and_then(|at| self.follow(at)) {
                Some(at) => Some(at),
                // At the start, or when it fell behind what is in memory.
                None => match self.fill(&db, &tables).await {
                    Ok(at) => Some(at),
                    Err(error) => {
                        tracing::error!(%error, "the cards could not be read for the search");
                        tokio::time::sleep(PAUSE).await;
                        continue;
                    }
                },
            };
            tell.send_replace(cursor);
            if cursor.is_some_and(|at| at < self.memory.head().seq) {
                continue;
            }
            if !gather::next(&mut head, &self.wanted, Duration::ZERO).await {
                return;
            }
        }
    }

    /// Takes in the batches after a place in the sequence; none when they are not all in memory.
    fn follow(&self, at: Seq) -> Option<Seq> {
        let batches = self.memory.since(at)?;
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let mut reached = at;
        for batch in batches {
            for event in batch.board_events() {
                let Some(edition) = event.subject.edition() else { continue };
                match &event.kind {
                    EventKind::Board(BoardChange::Known(KnownBoardChange::Card { card })) => {
                        index.put(edition, Arc::new(card.clone()));
                    }
                    EventKind::Board(BoardChange::Known(KnownBoardChange::CardRemoved { item })) => index.remove(*item),
                    _ => {}
                }
            }
            reached = batch.mark.seq;
        }
        Some(reached)
    }

    async fn fill(&self, db: &Surreal<Any>, tables: &Tables) -> Result<Seq, StoreError> {
        tables.reach().await?;
        let (cards, mark) = tables::all_cards(db).await?;
        let mut index = Index::default();
        for (edition, card) in cards {
            index.put(edition, Arc::new(card));
        }
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = index;
        Ok(mark.seq)
    }
}
