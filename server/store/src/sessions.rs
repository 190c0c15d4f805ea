//! The session table: the middleware's store, and a person's list of their sessions.
//!
//! A session that ended never comes back: only [`SessionStore::create`] makes one, and what is saved of one that is not
//! there any more is let go. It ends [`LONGEST`] after it began, however often its end was put off.
//!
//! A browser asks for several things at once, and two of its requests may put off the end of one session: the database
//! lets one of them win, and the other is tried again here.

mod cache;

pub use cache::SessionCache;

use crate::connect::Store;
use crate::error::{StoreError, committed};
use crate::keeper::Keeper;
use crate::rows::{row, rows};
use async_trait::async_trait;
use domain::id::PersonId;
use domain::session::{Agent, SessionKey, SessionView};
use domain::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use surrealdb::engine::any::Any;
use surrealdb::{IndexedResults, Surreal};
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{ExpiredDeletion, SessionStore};

/// Writes of one session race rarely, and briefly.
const ATTEMPTS: u32 = 8;
/// A session ends so long after it began.
pub const LONGEST: Duration = Duration::from_hours(30 * 24);

const CREATE: &str = "CREATE type::record('person_session', $key) SET person = type::record('person', $person),
    shared = $shared, seen = $seen, browser = $browser, system = $system, began = $now,
    ends = math::min([$ends, $now + $longest]) RETURN NONE";
const SAVE: &str = "UPDATE type::record('person_session', $key) SET shared = $shared, seen = $seen,
    browser = $browser, system = $system, ends = math::min([$ends, began + $longest]) WHERE ends > $now RETURN NONE";
const LOAD: &str = "SELECT *, record::id(person) AS person, record::id(id) AS key, NONE AS id
    FROM type::record('person_session', $key) WHERE ends > $now";
const OF_PERSON: &str = "SELECT *, record::id(person) AS person, record::id(id) AS key, NONE AS id
    FROM person_session WHERE person = type::record('person', $person) AND ends > $now ORDER BY began DESC";
const END: &str = "DELETE person_session WHERE person = type::record('person', $person)
    AND ($which = NONE OR id = type::record('person_session', $which))
    AND ($except = NONE OR id != type::record('person_session', $except)) RETURN VALUE record::id($before.id)";

/// What a session holds, under these names in the middleware's record and in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionData {
    /// Who signed in.
    pub person: PersonId,
    /// Whether others use the computer: the session ends with the browser.
    #[serde(default)]
    pub shared: bool,
    /// The day of the last request.
    pub seen: Date,
    /// The browser.
    #[serde(flatten)]
    pub agent: Agent,
}

#[derive(Deserialize)]
struct Row {
    key: SessionKey,
    began: Timestamp,
    ends: Timestamp,
    #[serde(flatten)]
    data: SessionData,
}

impl Row {
    fn into_record(self, id: Id) -> Result<Record> {
        let Value::Object(data) = serde_json::to_value(&self.data).map_err(|error| Error::Encode(error.to_string()))?
        else {
            return Err(Error::Encode("a session is an object".to_owned()));
        };
        let ends = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.ends.millis()) * 1_000_000);
        let expiry_date = ends.map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Record { id, data: data.into_iter().collect(), expiry_date })
    }
}

/// What the table knows a session by.
#[must_use]
pub fn key_of(id: Id) -> SessionKey {
    let digest = Sha256::digest(id.0.to_be_bytes());
    let hex = digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    hex.try_into().expect("a SHA-256 in hexadecimal is a key")
}

/// The sessions' table.
#[derive(Debug, Clone)]
pub struct Sessions {
    db: Arc<Surreal<Any>>,
    keeper: Keeper,
    cache: SessionCache,
}

impl Store {
    /// The session store, for the session middleware.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        Sessions { db: Arc::clone(&self.db), keeper: self.keeper.clone(), cache: self.session_cache.clone() }
    }
}

/// Runs on a task of its own: a client that closes its connection between the commit and the cache must not leave a session
/// in the cache that has ended.
async fn to_its_end<T: Send + 'static>(
    write: impl Future<Output = std::result::Result<T, StoreError>> + Send + 'static,
) -> std::result::Result<T, StoreError> {
    tokio::spawn(write).await.map_err(|_| StoreError::Stopped)?
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn backend(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}

/// Tries a statement again when the database lost a race.
async fn patiently<F>(mut statement: impl FnMut() -> F) -> std::result::Result<IndexedResults, StoreError>
where
    F: Future<Output = surrealdb::Result<IndexedResults>>,
{
    for attempt in 1..=ATTEMPTS {
        let mut response = statement().await?;
        if committed(&mut response)? {
            return Ok(response);
        }
        tokio::time::sleep(Duration::from_millis(u64::from(attempt))).await;
    }
    Err(StoreError::Contended { attempts: ATTEMPTS })
}

impl Sessions {
    /// A person's sessions, the newest first. `current` is the one that asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(&self, person: PersonId, current: Option<Id>) -> std::result::Result<Vec<SessionView>, StoreError> {
        let current = current.map(key_of);
        let query = self.db.query(OF_PERSON).bind(("person", person.to_string()));
        let mut response = query.bind(("now", crate::now().millis())).await?;
        let view = |Row { key, began, data, .. }: Row| {
            let SessionData { shared, seen, agent, .. } = data;
            SessionView { current: current.as_ref() == Some(&key), key, agent, began, seen, shared }
        };
        Ok(rows::<Row>(&mut response, 0)?.into_iter().map(view).collect())
    }

    /// Ends one of a person's sessions, or all but the one that asks; says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end(
        &self,
        person: PersonId,
        which: Option<SessionKey>,
        current: Option<Id>,
    ) -> std::result::Result<usize, StoreError> {
        let except = if which.is_none() { current.map(key_of) } else { None };
        let sessions = self.clone();
        to_its_end(async move {
            let [which, except] = [which, except].map(|key| key.map(String::from));
            let statement = || {
                let query = sessions.db.query(END).bind(("person", person.to_string()));
                query.bind(("which", which.clone())).bind(("except", except.clone())).into_future()
            };
            let mut response = patiently(statement).await.map_err(|error| sessions.keeper.failed(error))?;
            let ended: Vec<SessionKey> = rows(&mut response, 0)?;
            sessions.cache.forget(&ended);
            Ok(ended.len())
        })
        .await
    }

    /// Writes a session by [`CREATE`] or [`SAVE`].
    async fn write(&self, statement: &'static str, record: &Record) -> Result<()> {
        let data = Value::Object(record.data.clone().into_iter().collect());
        let data: SessionData = serde_json::from_value(data).map_err(|error| Error::Encode(error.to_string()))?;
        let ends = i64::try_from(record.expiry_date.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX);
        let (key, sessions) = (key_of(record.id), self.clone());
        let written = to_its_end(async move {
            let statement = || {
                let query = sessions.db.query(statement).bind(("key", key.to_string()));
                let query = query.bind(("person", data.person.to_string())).bind(("shared", data.shared));
                let query = query.bind(("seen", data.seen.to_string())).bind(("browser", data.agent.browser.clone()));
                let query = query.bind(("system", data.agent.system.clone())).bind(("ends", ends));
                query.bind(("now", crate::now().millis())).bind(("longest", longest())).into_future()
            };
            // A full disk takes no session either: one that is half written would damage the log of all.
            let written = sessions.keeper.write(patiently(statement)).await;
            sessions.cache.forget([&key]);
            written
        });
        written.await.map(drop).map_err(backend)
    }
}

fn longest() -> i64 {
    i64::try_from(LONGEST.as_millis()).unwrap_or(i64::MAX)
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, session: &mut Record) -> Result<()> {
        self.write(CREATE, session).await
    }

    async fn save(&self, session: &Record) -> Result<()> {
        self.write(SAVE, session).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let key = key_of(*id);
        let (found, writes) = self.cache.find(&key);
        if found.is_some() {
            return Ok(found);
        }
        let query = self.db.query(LOAD).bind(("key", key.to_string())).bind(("now", crate::now().millis()));
        let mut response = query.await.map_err(|error| backend(error.into()))?;
        let Some(found) = row::<Row>(&mut response, 0).map_err(backend)? else { return Ok(None) };
        let record = found.into_record(*id)?;
        self.cache.keep(key, &record, writes);
        Ok(Some(record))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let (sessions, key) = (self.clone(), key_of(*id));
        let deleted = to_its_end(async move {
            let statement = || {
                sessions
                    .db
                    .query("DELETE type::record('person_session', $key)")
                    .bind(("key", key.to_string()))
                    .into_future()
            };
            let deleted = patiently(statement).await;
            sessions.cache.forget([&key]);
            deleted.map_err(|error| sessions.keeper.failed(error))
        });
        deleted.await.map(drop).map_err(backend)
    }
}

#[async_trait]
impl ExpiredDeletion for Sessions {
    async fn delete_expired(&self) -> Result<()> {
        let statement = || {
            self.db.query("DELETE person_session WHERE ends <= $now").bind(("now", crate::now().millis())).into_future()
        };
        let deleted = patiently(statement).await.map_err(|error| self.keeper.failed(error));
        deleted.map(drop).map_err(backend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_table_does_not_have_what_the_cookie_has() {
        let store = Store::open("mem://").await.expect("a database");
        let data = SessionData {
            person: PersonId::new(crate::now(), &crate::entropy()),
            shared: true,
            seen: Date::of(crate::now()),
            agent: Agent::default(),
        };
        let data = serde_json::from_value(serde_json::to_value(data).expect("JSON")).expect("columns");
        let expiry_date = OffsetDateTime::now_utc() + Duration::from_secs(60);
        let mut record = Record { id: Id::default(), data, expiry_date };
        store.sessions().create(&mut record).await.expect("created");
        let mut response =
            store.db.query("SELECT *, type::string(id) AS id FROM person_session").await.expect("an answer");
        let rows = rows::<Value>(&mut response, 0).expect("rows");
        let text = serde_json::to_string(&rows).expect("JSON");
        assert!(rows.len() == 1 && text.contains(key_of(record.id).as_str()), "{text}");
        assert!(!text.contains(&record.id.to_string()) && !text.contains(&record.id.0.to_string()), "{text}");
    }
}
