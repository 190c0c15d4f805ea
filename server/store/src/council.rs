//! Reading the council: its name, members, editions and themes.

use crate::backup::{BEGUN, BackupError};
use crate::connect::Store;
use crate::error::StoreError;
use crate::rows::{row, rows};
use domain::council::{Council, CouncilView};
use domain::edition::Edition;
use domain::id::{EditionId, InstanceId, MemberId};
use domain::member::Member;
use domain::person::Identity;
use domain::theme::Theme;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

const THIS: &str = "SELECT instance, name FROM council:this;";
pub const EDITIONS: &str =
    "SELECT record::id(id) AS id, name, opens, due, meets, closes, state FROM edition ORDER BY meets DESC;";
const MEMBERS: &str = "SELECT record::id(id) AS id, kind, IF parent { record::id(parent) } AS parent, name, short, province, position \
    FROM member ORDER BY position;";
const THEMES: &str =
    "SELECT record::id(id) AS id, name, description, position, colour, state FROM theme ORDER BY position;";

/// The database's own id; made, with the council's standing name, the first time.
///
/// # Errors
/// When the database does not answer, or holds a part of a backup and no council.
pub async fn ensure_instance(db: &Surreal<Any>) -> Result<InstanceId, StoreError> {
    let mut response = db.query(THIS).query(BEGUN).await?;
    if let Some(council) = row::<Council>(&mut response, 0)? {
        return Ok(council.instance);
    }
    if row::<bool>(&mut response, 1)?.is_some() {
        return Err(BackupError::BrokenOff.into());
    }
    let instance = InstanceId::new(crate::now(), &crate::entropy());
    let create = "CREATE council:this SET instance = $instance, name = {
        en: 'Public Sector Service Delivery Council',
        fr: 'Conseil de la prestation des services du secteur public'
    }";
    db.query(create).bind(("instance", instance.to_string())).await?.check()?;
    Ok(instance)
}

/// The database's own id; none when there is no council in it, or nothing at all.
pub async fn instance(db: &Surreal<Any>) -> Result<Option<InstanceId>, StoreError> {
    // A table that is not defined is an error of the statement.
    let mut response = db.query("SELECT VALUE instance FROM council:this").await?;
    Ok(row::<InstanceId>(&mut response, 0).unwrap_or_default())
}

/// Gives the database another id: whatever devices know of it, they hold against it anew.
pub async fn renew_instance(db: &Surreal<Any>) -> Result<InstanceId, StoreError> {
    let instance = InstanceId::new(crate::now(), &crate::entropy());
    let update = "UPDATE council:this SET instance = $instance";
    db.query(update).bind(("instance", instance.to_string())).await?.check()?;
    Ok(instance)
}

impl Store {
    /// What a person's screens need to know about the council.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn council_view(&self, identity: Identity) -> Result<CouncilView, StoreError> {
        let mut response = self.db.query([THIS, EDITIONS, MEMBERS, THEMES].concat()).await?;
        let council = row::<Council>(&mut response, 0)?;
        let council = council.ok_or(StoreError::NoCouncil)?;
        let editions = rows::<Edition>(&mut response, 1)?;
        let members = rows::<Member>(&mut response, 2)?;
        let themes = rows::<Theme>(&mut response, 3)?;
        Ok(CouncilView { council, identity, editions, members, themes })
    }

    /// One edition.
    ///
    /// # Errors
    /// As for [`Store::council_view`].
    pub async fn edition(&self, id: EditionId) -> Result<Option<Edition>, StoreError> {
        Ok(self.lists().await?.editions.get(&id).cloned())
    }

    /// Whether there is such a member.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_member(&self, id: MemberId) -> Result<bool, StoreError> {
        Ok(self.lists().await?.members.contains(&id))
    }
}
