//! People who sign in, and their sessions.

use crate::connect::Store;
use crate::error::StoreError;
use crate::passphrase;
use crate::rows::{row, rows};
use domain::council::permit::{self, Action, Of};
use domain::id::{MemberId, PersonId};
use domain::person::{Email, Identity, Role};
use domain::projection::Named;
use serde::Deserialize;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

#[derive(Deserialize)]
struct PersonRow {
    id: PersonId,
    name: String,
    email: Email,
    role: Role,
    member: Option<MemberId>,
    #[serde(default)]
    passphrase_hash: Option<String>,
}

impl PersonRow {
    fn identity(self) -> Identity {
        Identity { person: self.id, name: self.name, email: self.email, role: self.role, member: self.member }
    }
}

const COLUMNS: &str = "record::id(id) AS id, name, email, role, IF member { record::id(member) } AS member";

/// Everybody who may sign in.
pub async fn all(db: &Surreal<Any>) -> Result<Vec<Identity>, StoreError> {
    let mut response = db.query(format!("SELECT {COLUMNS} FROM person")).await?;
    Ok(rows::<PersonRow>(&mut response, 0)?.into_iter().map(PersonRow::identity).collect())
}

impl Store {
    /// A person by id; none when they were removed since they signed in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person(&self, id: PersonId) -> Result<Option<Identity>, StoreError> {
        Ok(self.lists().await?.people.get(&id).cloned())
    }

    /// Who may present, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn presenters(&self) -> Result<Vec<Named>, StoreError> {
        let lists = self.lists().await?;
        let presents = |person: &&Identity| permit::may(Some(person), Action::Present, Of::Council);
        let mut people: Vec<&Identity> = lists.people.values().filter(presents).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(people.into_iter().map(|person| Named { person: person.person, name: person.name.clone() }).collect())
    }

    /// The person with this address and passphrase. Takes the same work when nobody has the address. `turn` is dropped when
    /// that work is done, also when nobody waits for the answer any more.
    ///
    /// # Errors
    /// When the database does not answer. A wrong passphrase is `Ok(None)`.
    pub async fn authenticate(
        &self,
        email: Option<Email>,
        passphrase: String,
        turn: impl Send + 'static,
    ) -> Result<Option<Identity>, StoreError> {
        let query = format!("SELECT {COLUMNS}, passphrase_hash FROM person WHERE email = $email");
        let email = email.map(String::from).unwrap_or_default();
        let mut response = self.db.query(query).bind(("email", email)).await?;
        let person = row::<PersonRow>(&mut response, 0)?;
        let hash = person.as_ref().and_then(|person| person.passphrase_hash.clone());
        let verified = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            passphrase::verify(&passphrase, hash.as_deref())
        });
        let right = verified.await.map_err(|_| StoreError::Stopped)?;
        Ok(person.filter(|_| right).map(PersonRow::identity))
    }
}
