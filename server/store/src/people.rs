//! People who sign in, and their sessions.

use crate::connect::Store;
use crate::error::StoreError;
use crate::passphrase;
use crate::rows::{row, rows};
use domain::council::permit::{self, Action};
use domain::id::{MemberId, PersonId};
use domain::person::{Email, Identity, Role};
use domain::projection::Named;
use serde::Deserialize;

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

impl Store {
    /// A person by id; none when they were removed since they signed in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person(&self, id: PersonId) -> Result<Option<Identity>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM type::record('person', $id)");
        let mut response = self.db.query(query).bind(("id", id.to_string())).await?;
        Ok(row::<PersonRow>(&mut response, 0)?.map(PersonRow::identity))
    }

    /// Who may present, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn presenters(&self) -> Result<Vec<Named>, StoreError> {
        let roles: Vec<&str> = permit::roles(Action::Present).map(Role::as_str).collect();
        let query = format!("SELECT {COLUMNS} FROM person WHERE role IN $roles ORDER BY name");
        let mut response = self.db.query(query).bind(("roles", roles)).await?;
        let people = rows::<PersonRow>(&mut response, 0)?;
        Ok(people.into_iter().map(|row| Named { person: row.id, name: row.name }).collect())
    }

    /// The person with this address and passphrase. Takes the same work when nobody has the address.
    ///
    /// # Errors
    /// When the database does not answer. A wrong passphrase is `Ok(None)`.
    pub async fn authenticate(&self, email: Option<Email>, passphrase: String) -> Result<Option<Identity>, StoreError> {
        let query = format!("SELECT {COLUMNS}, passphrase_hash FROM person WHERE email = $email");
        let email = email.map(String::from).unwrap_or_default();
        let mut response = self.db.query(query).bind(("email", email)).await?;
        let person = row::<PersonRow>(&mut response, 0)?;
        let hash = person.as_ref().and_then(|person| person.passphrase_hash.clone());
        let verified = tokio::task::spawn_blocking(move || passphrase::verify(&passphrase, hash.as_deref()));
        let right = verified.await.map_err(|_| StoreError::Stopped)?;
        Ok(person.filter(|_| right).map(PersonRow::identity))
    }
}
