//! Who the store is to a database server: a user and a password, which are no part of the address.

use crate::connect::{DATABASE, NAMESPACE};
use crate::error::StoreError;
use std::fmt;
use surrealdb::engine::any::Any;
use surrealdb::opt::auth::{Database, Namespace, Root};
use surrealdb::types::NotAllowedError;
use surrealdb::{IndexedResults, Surreal};

/// A user of a database server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Where the user is defined.
    pub level: Level,
    /// Its name.
    pub user: String,
    /// Its password.
    pub password: Password,
}

/// Where a user is defined, and so what it may reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Level {
    /// On the whole server.
    Root,
    /// On one namespace with all its databases.
    Namespace,
    /// On one database: enough for everything that the store does.
    #[default]
    Database,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Database, Self::Namespace, Self::Root];

    /// Its word in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Namespace => "namespace",
            Self::Database => "database",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A password. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl From<String> for Password {
    fn from(password: String) -> Self {
        Self(password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Signs a connection to a server in; without credentials, asks whether the server answers anybody.
///
/// # Errors
/// [`StoreError::SignIn`] or [`StoreError::SignedOut`] when it is not let in.
pub async fn enter(db: &Surreal<Any>, credentials: Option<&Credentials>) -> Result<(), StoreError> {
    if let Some(credentials) = credentials {
        return credentials.sign_in(db).await;
    }
    match db.query("RETURN 1").await.and_then(IndexedResults::check) {
        Err(error) if error.is_not_allowed() => Err(StoreError::SignedOut),
        answer => Ok(answer.map(|_| ())?),
    }
}

impl Credentials {
    /// Signs a connection in. The connection keeps the credentials, and signs in again when it reconnects.
    ///
    /// # Errors
    /// [`StoreError::SignIn`] when the server knows no such user, or the password is another.
    async fn sign_in(&self, db: &Surreal<Any>) -> Result<(), StoreError> {
        let (username, password) = (self.user.clone(), self.password.0.clone());
        let (namespace, database) = (NAMESPACE.to_owned(), DATABASE.to_owned());
        let signed_in = match self.level {
            Level::Root => db.signin(Root { username, password }).await,
            Level::Namespace => db.signin(Namespace { namespace, username, password }).await,
            Level::Database => db.signin(Database { namespace, database, username, password }).await,
        };
        match signed_in {
            // The token is for another connection; this one is signed in.
            Ok(_token) => Ok(()),
            Err(error) if matches!(error.not_allowed_details(), Some(NotAllowedError::Auth(_))) => {
                Err(StoreError::SignIn { level: self.level, user: self.user.clone(), source: Box::new(error) })
            }
            Err(error) => Err(error.into()),
        }
    }
}
