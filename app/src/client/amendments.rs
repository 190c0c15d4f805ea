//! The earlier versions of cards, on the device: what was amended is brought along with the board, so that the meeting
//! can look at it with no network.
//!
//! | key | row |
//! |---|---|
//! | `<person>/amendments/<edition>/<item>` | an [`EarlierVersions`] |

use super::context::Client;
use super::http::{self, Failure};
use super::journal::Table;
use domain::board::amendments::Amendments;
use domain::id::{EditionId, ItemId, PersonId};
use domain::json;
use domain::sync::journal::{Write, owned_by};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Cards whose versions are brought along: those that were amended last.
const BROUGHT: usize = 200;

/// The versions of a card, as the server gave them when it had been amended last at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlierVersions {
    amended_at: Timestamp,
    amendments: Amendments,
}

impl EarlierVersions {
    /// What the card said before, the latest first. `amended_at`: when it came to say what it says now.
    #[must_use]
    pub fn before(self, amended_at: Timestamp) -> Amendments {
        let mut amendments = self.amendments;
        // The last one is what the card says now, unless it was amended since.
        if self.amended_at == amended_at {
            amendments.versions.pop();
        }
        amendments.versions.reverse();
        amendments
    }
}

fn root(person: PersonId, edition: EditionId) -> String {
    format!("{}amendments/{edition}/", owned_by(person))
}

/// The versions that the device has.
pub async fn kept(client: Client, person: PersonId, edition: EditionId, item: ItemId) -> Option<EarlierVersions> {
    let row = format!("{}{item}", root(person, edition));
    let rows = client.journal().read(Table::Board, &row).await.ok()?;
    rows.get(&row).and_then(|row| json::read(row).ok())
}

/// The versions as the server has them; kept on the device.
///
/// # Errors
/// When the server cannot be asked.
pub async fn asked(
    client: Client,
    person: PersonId,
    edition: EditionId,
    (item, amended_at): (ItemId, Timestamp),
) -> Result<EarlierVersions, Failure> {
    let amendments = http::get::<Amendments>(&format!("/api/board/{edition}/cards/{item}/amendments")).await?;
    let versions = EarlierVersions { amended_at, amendments };
    let write = Write::put(format!("{}{item}", root(person, edition)), json::write(&versions));
    // A device that cannot keep them asks again.
    let _ = client.journal().update(Table::Board, &[], |_| (vec![write], ())).await;
    Ok(versions)
}

/// Asks for what the device does not have of the cards that were amended, one after the other; ends where the server
/// does not answer.
pub async fn bring(client: Client, person: PersonId, edition: EditionId, amended: &BTreeMap<ItemId, Timestamp>) {
    let mut latest: Vec<(ItemId, Timestamp)> = amended.iter().map(|(item, at)| (*item, *at)).collect();
    latest.sort_unstable_by_key(|(item, at)| (std::cmp::Reverse(*at), *item));
    let root = root(person, edition);
    let Ok(rows) = client.journal().read(Table::Board, &root).await else { return };
    let is_here = |(item, at): &(ItemId, Timestamp)| {
        let row = rows.get(&format!("{root}{item}"));
        row.and_then(|row| json::read::<EarlierVersions>(row).ok()).is_some_and(|kept| kept.amended_at == *at)
    };
    for wanted in latest.into_iter().take(BROUGHT).filter(|wanted| !is_here(wanted)) {
        match asked(client, person, edition, wanted).await {
            Ok(_) | Err(Failure::Refused(_)) => {}
            Err(_) => return,
        }
    }
}
