//! What every request asks about the council: its editions, members, themes and people. Held in memory, because it
//! changes a few times a year and is asked for several times a request.
//!
//! The process that has an embedded database is the only one that writes to it, and says when it did. On a shared
//! database, others do; then it is read again every second.

use crate::connect::Store;
use crate::error::StoreError;
use crate::people;
use crate::rows::rows;
use domain::edition::Edition;
use domain::id::{EditionId, MemberId, PersonId, ReportId};
use domain::person::Identity;
use domain::theme::ThemeId;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// How old it may be where others write to the same database.
const SHARED_AGE: Duration = Duration::from_secs(1);

/// The council's lists, as they were read.
#[derive(Debug)]
pub struct Lists {
    pub editions: HashMap<EditionId, Edition>,
    pub members: BTreeSet<MemberId>,
    /// Retired ones too: a device may have been away when one was.
    pub themes: BTreeSet<ThemeId>,
    pub people: HashMap<PersonId, Identity>,
}

impl Lists {
    /// Whether the edition of a report is open; none when there may be no such report.
    pub fn open(&self, report: ReportId) -> Option<bool> {
        let edition = self.editions.get(&report.edition)?;
        self.members.contains(&report.member).then(|| edition.is_open())
    }
}

/// The lists, and when they were read.
type Kept = (Instant, Arc<Lists>);

/// The lists and their age. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Directory {
    shared: bool,
    read: Arc<RwLock<Option<Kept>>>,
}

impl Directory {
    /// `shared`: whether other processes write to the same database.
    pub fn new(shared: bool) -> Self {
        Self { shared, read: Arc::default() }
    }

    /// The lists as they are.
    pub async fn lists(&self, db: &Surreal<Any>) -> Result<Arc<Lists>, StoreError> {
        let kept = self.read.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, lists)) = kept
            && (!self.shared || at.elapsed() < SHARED_AGE)
        {
            return Ok(lists);
        }
        let at = Instant::now();
        let lists = Arc::new(read(db).await?);
        *self.read.write().unwrap_or_else(PoisonError::into_inner) = Some((at, Arc::clone(&lists)));
        Ok(lists)
    }

    /// Something in them was changed.
    pub fn changed(&self) {
        *self.read.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

async fn read(db: &Surreal<Any>) -> Result<Lists, StoreError> {
    let query =
        [crate::council::EDITIONS, "SELECT VALUE record::id(id) FROM member; SELECT VALUE record::id(id) FROM theme;"];
    let mut response = db.query(query.concat()).await?;
    let editions = rows::<Edition>(&mut response, 0)?.into_iter().map(|edition| (edition.id, edition)).collect();
    let members = rows::<MemberId>(&mut response, 1)?.into_iter().collect();
    let themes = rows::<ThemeId>(&mut response, 2)?.into_iter().collect();
    let people = people::all(db).await?.into_iter().map(|identity| (identity.person, identity)).collect();
    Ok(Lists { editions, members, themes, people })
}

impl Store {
    /// The lists as they are.
    pub(crate) async fn lists(&self) -> Result<Arc<Lists>, StoreError> {
        self.directory.lists(&self.db).await
    }
}
