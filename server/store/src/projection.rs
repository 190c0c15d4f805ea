//! What the wall of the meeting room shows of an edition. It is no part of the council's sequence: a projection counts
//! its own changes, and turning a page never makes a submission wait.

use crate::connect::Store;
use crate::error::{MOVED, StoreError, committed};
use crate::rows::{row, rows};
use domain::id::EditionId;
use domain::projection::{By, Projection, ProjectionPush, Refused};
use domain::sync::wire::Rev;
use serde::Deserialize;

/// How often a change is decided again when another one was written meanwhile.
const ATTEMPTS: u32 = 12;

#[derive(Deserialize)]
struct ProjectionRow {
    rev: Rev,
    body: String,
}

#[derive(Deserialize)]
struct Watched {
    edition: EditionId,
    body: String,
}

impl Store {
    /// What is shown of an edition; nothing chosen yet when nobody has presented it.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn projection(&self, edition: EditionId) -> Result<Projection, StoreError> {
        let query = "SELECT rev, body FROM type::record('projection', $edition)";
        let mut response = self.db.query(query).bind(("edition", edition.to_string())).await?;
        let Some(found) = row::<ProjectionRow>(&mut response, 0)? else { return Ok(Projection::default()) };
        let projection: Projection = serde_json::from_str(&found.body)?;
        if projection.rev != found.rev {
            return Err(StoreError::Inconsistent(format!("the projection of {edition} is not of its revision")));
        }
        Ok(projection)
    }

    /// The same for several editions that have been presented: what other processes may have written is looked for.
    ///
    /// # Errors
    /// As for [`Store::projection`].
    pub async fn projections(&self, editions: &[EditionId]) -> Result<Vec<(EditionId, Projection)>, StoreError> {
        let query = "SELECT record::id(id) AS edition, body FROM $editions.map(|$id| type::record('projection', $id))";
        let editions: Vec<String> = editions.iter().map(EditionId::to_string).collect();
        let mut response = self.db.query(query).bind(("editions", editions)).await?;
        let read = |found: Watched| Ok((found.edition, serde_json::from_str(&found.body)?));
        rows::<Watched>(&mut response, 0)?.into_iter().map(read).collect()
    }

    /// Carries out a presenter's request. The inner answer is the rules': what is shown now, or why nothing was done.
    ///
    /// A request that lost a race is decided anew on what won it, and then mostly refused as stale.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn project(
        &self,
        edition: EditionId,
        push: &ProjectionPush,
        by: By<'_>,
    ) -> Result<Result<Projection, Refused>, StoreError> {
        for _ in 0..ATTEMPTS {
            let before = self.projection(edition).await?;
            let after = match before.apply(push, by) {
                Ok(after) if after == before => return Ok(Ok(after)),
                Ok(after) => after,
                Err(refused) => return Ok(Err(refused)),
            };
            if self.replace_projection(edition, before.rev, &after).await? {
                return Ok(Ok(after));
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS })
    }

    /// Writes a projection in the place of the one of a revision. `false`: that one is no longer there.
    async fn replace_projection(
        &self,
        edition: EditionId,
        from: Rev,
        projection: &Projection,
    ) -> Result<bool, StoreError> {
        let query = "BEGIN;
            LET $rows = (SELECT VALUE rev FROM type::record('projection', $edition));
            IF ($rows[0] ?? 0) != $from { THROW $moved };
            UPSERT type::record('projection', $edition) CONTENT { rev: $rev, body: $body } RETURN NONE;
            COMMIT;";
        let bound = self.db.query(query).bind(("edition", edition.to_string())).bind(("from", from));
        let bound = bound.bind(("rev", projection.rev)).bind(("body", serde_json::to_string(projection)?));
        self.keeper.write(async { committed(&mut bound.bind(("moved", MOVED)).await?) }).await
    }
}
