//! Whether a stream may go on: asked at every heartbeat.

use super::reader::Ended;
use app::api::session::guard;
use app::error::AppError;
use domain::council::permit::{self, Action, Of};
use std::sync::Arc;
use store::Store;
use tower_sessions::Session;
use tower_sessions::session::Id;

/// Ends the stream of whoever signed out, was removed, or may no longer follow it. A database that does not answer now
/// is no reason.
pub async fn may_follow(session: Option<Id>, store: &Store, action: Action, of: Of) -> Result<(), Ended> {
    let session = Session::new(session, Arc::new(store.sessions()), None);
    match guard::identity_of(&session, store).await {
        Ok(identity) if !permit::may(Some(&identity), action, of) => Err(Ended),
        Err(AppError::NotSignedIn) => Err(Ended),
        Ok(_) | Err(_) => Ok(()),
    }
}
