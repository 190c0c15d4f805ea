//! What the wall shows, on this device: heard on the board's stream, kept for a reload, a crash or a network that
//! drops, and changed by a presenter.
//!
//! | key | row |
//! |---|---|
//! | `<person>/<edition>/projection` | a [`Projection`] |
//!
//! Any screen that has a [`Feed`] may follow: `feed.projection` is what the presenter chose, and its
//! [`where_on_board`](Projection::where_on_board) is the place.

use super::context::Client;
use super::device;
use super::http::{self, Failure};
use super::journal::{Journal, JournalError, Table};
use super::live::Feed;
use domain::id::{EditionId, PersonId};
use domain::json;
use domain::projection::{Command, KnownCommand, Named, Projection, ProjectionAnswer, ProjectionPush, Refused};
use domain::sync::journal::{Write, owned_by};
use domain::time::Timestamp;
use leptos::prelude::*;

/// The name of the stream's word of it.
pub const PROJECTION: &str = "projection";
/// How the key of its row ends.
const ROW: &str = "/projection";
/// A clock that is off by more than this, in milliseconds, was set anew; by less, a word was late.
const SET_ANEW: i64 = 2_000;

fn key(person: PersonId, edition: EditionId) -> String {
    format!("{}{edition}{ROW}", owned_by(person))
}

/// What the wall showed when this device last heard of it.
///
/// # Errors
/// When the browser refuses.
pub async fn read(journal: &Journal, person: PersonId, edition: EditionId) -> Result<Option<Projection>, JournalError> {
    let key = key(person, edition);
    let rows = journal.read(Table::Board, &key).await?;
    Ok(rows.get(&key).and_then(|row| json::read(row).ok()))
}

/// Who may present.
///
/// # Errors
/// See [`Failure`].
pub async fn presenters(edition: EditionId) -> Result<Vec<Named>, Failure> {
    http::get(&format!("/api/projection/{edition}/presenters")).await
}

impl Feed {
    /// Takes a word of what is shown. An older one, which was overtaken, is passed over.
    pub async fn project(&self, client: Client, projection: Projection) {
        let news =
            self.projection.with_untracked(|known| known.as_ref().is_none_or(|known| projection.is_newer_than(known)));
        if news {
            self.keep_projection(client, projection).await;
        }
    }

    /// Shows it, and keeps it. The screen does not wait for the journal.
    async fn keep_projection(&self, client: Client, projection: Projection) {
        let write = Write::put(key(self.person, self.edition), json::write(&projection));
        self.projection.set(Some(projection));
        // A device that cannot keep it asks again when it comes back.
        let _ = client.journal().update(Table::Board, &[], |_| (vec![write], ())).await;
    }

    /// Asks the server, where no stream tells.
    pub async fn ask_projection(&self, client: Client) {
        let answer: Result<ProjectionAnswer, _> = http::get(&format!("/api/projection/{}", self.edition)).await;
        if let Ok(answer) = answer {
            self.set_clock(answer.now);
            self.take(client, &[], 0, Some(answer.now), None).await;
            self.project(client, answer.projection).await;
        }
    }

    /// Sends a presenter's commands, based on what was seen.
    ///
    /// # Errors
    /// See [`Failure`]; nothing is sent again. The inner answer is the server's reason.
    pub async fn command(
        &self,
        client: Client,
        seen: &Projection,
        commands: Vec<KnownCommand>,
    ) -> Result<Option<Refused>, Failure> {
        let commands = commands.into_iter().map(Command::Known).collect();
        let push = ProjectionPush { base_rev: Some(seen.rev), commands };
        let answer: ProjectionAnswer = http::post(&format!("/api/projection/{}", self.edition), &push).await?;
        self.set_clock(answer.now);
        if answer.refused == Some(Refused::Stale) && answer.projection.rev < seen.rev {
            // The server was set back to a backup: what it shows is older, and is what it shows.
            self.keep_projection(client, answer.projection).await;
        } else {
            self.project(client, answer.projection).await;
        }
        Ok(answer.refused)
    }

    /// Notes the server's clock. A word that was long on its way makes it seem slow, so the earliest counts.
    pub(super) fn set_clock(&self, at: Timestamp) {
        let (ahead, known) = (at.millis() - device::now().millis(), self.clock.get_untracked());
        if ahead > known || known - ahead > SET_ANEW || known == 0 {
            self.clock.set(ahead);
        }
    }

    /// The server's clock, now.
    #[must_use]
    pub fn server_now(&self) -> Timestamp {
        Timestamp::from_millis(device::now().millis() + self.clock.get())
    }
}
