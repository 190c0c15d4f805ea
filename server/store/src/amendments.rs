//! Reading the versions of a card, from what the log told the boards.

use crate::connect::Store;
use crate::error::StoreError;
use crate::rows::{row, rows};
use domain::board::amendments::{Amendment, Amendments};
use domain::board::{BoardChange, KnownBoardChange};
use domain::id::{EditionId, ItemId};
use domain::limits::AMENDMENTS;
use domain::sync::wire::{PROTOCOL, Seq};
use domain::time::Timestamp;
use serde::Deserialize;

/// The newest first. One more than is shown says that there are more, and one that says the same is not shown.
const SHOWN: &str = "SELECT VALUE record::id(edition) FROM type::record('card', $item);
    SELECT record::id(id) AS seq, at, body FROM event WHERE item = $item ORDER BY seq DESC LIMIT $limit;";
/// A card that moves to and fro is not amended; so many events are looked through.
const LOOKED_THROUGH: usize = 4 * AMENDMENTS;

#[derive(Deserialize)]
struct ShownRow {
    seq: Seq,
    at: Timestamp,
    body: String,
}

impl Store {
    /// What a card of an edition has said since it last came to the board; none when it is not there now.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn amendments(&self, edition: EditionId, item: ItemId) -> Result<Option<Amendments>, StoreError> {
        self.follow().await?;
        self.tables.reach().await?;
        let bound = self.db.query(SHOWN).bind(("item", item.to_string())).bind(("limit", LOOKED_THROUGH + 1));
        let mut response = bound.await?;
        if row::<EditionId>(&mut response, 0)? != Some(edition) {
            return Ok(None);
        }
        let found = rows::<ShownRow>(&mut response, 1)?;
        let mut more = found.len() > LOOKED_THROUGH;
        let mut versions: Vec<Amendment> = Vec::new();
        for ShownRow { seq, at, body } in found {
            let BoardChange::Known(KnownBoardChange::Card { card }) = serde_json::from_str(&body)? else {
                more = false;
                break;
            };
            let version = Amendment::of(card, seq, at);
            match versions.last_mut() {
                // From the first submission that said it.
                Some(later) if later.says_the_same(&version) => *later = version,
                _ => versions.push(version),
            }
        }
        more |= versions.len() > AMENDMENTS;
        versions.truncate(AMENDMENTS);
        versions.reverse();
        Ok(Some(Amendments { protocol: PROTOCOL, instance: self.instance, item, versions, more }))
    }
}
