//! Serving, until told to stop.

use crate::connection::{self, ConnectionLimits};
use crate::middleware::limits::Limits;
use crate::state::{AppState, Settings};
use crate::{logging, router};
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_sessions::ExpiredDeletion;

/// How long requests under way may take to end.
const GRACE: Duration = Duration::from_secs(4);
/// How often to look whether the database's folder is there.
const OFTEN: Duration = Duration::from_millis(500);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// Serves until `stop` is done; then streams end, requests under way are answered, and it returns.
pub async fn serve(
    listener: TcpListener,
    store: Store,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let (tell, stopping) = watch::channel(false);
    let limits = ConnectionLimits {
        caps: settings.connections,
        head: settings.head,
        unread: 2 * crate::live::patience(settings.heartbeat),
        behind_proxy: settings.behind_proxy,
    };
    let state = AppState::new(store.clone(), settings, stopping.clone());
    let chores = tokio::spawn(keep_house(store, Arc::clone(&state.limits)));
    tokio::spawn(async move {
        stop.await;
        let _ = tell.send(true);
    });
    let health = router::health(&state);
    tokio::select! {
        () = connection::accept(listener, router::router(state), health, limits, stopping.clone()) => {}
        () = out_of_patience(stopping) => {}
    }
    chores.abort();
}

async fn out_of_patience(mut stopping: watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        // Nobody can say any more when to stop.
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(GRACE).await;
    tracing::warn!("requests were still under way");
}

/// Writes down what devices were told, and lets go of old texts that none of them bases on.
async fn bound_history(store: &Store) -> Result<(), StoreError> {
    store.write_told().await?;
    store.compact(store::now()).await?;
    Ok(())
}

/// Twice a second looks at the disk, every minute forgets who has not asked lately and bounds the history, and every hour deletes sessions that have ended.
async fn keep_house(store: Store, limits: Arc<Limits>) {
    let mut often = tokio::time::interval(OFTEN);
    let mut minute = tokio::time::interval(MINUTE);
    let mut hour = tokio::time::interval(HOUR);
    loop {
        tokio::select! {
            _ = often.tick() => store.look_at_disk(),
            _ = minute.tick() => {
                limits.forget();
                logging::say_what_was_left_out();
                if let Err(error) = bound_history(&store).await {
                    tracing::error!(%error, "the history could not be looked through");
                }
            }
            _ = hour.tick() => {
                if let Err(error) = store.sessions().delete_expired().await {
                    tracing::error!(%error, "expired sessions could not be deleted");
                }
            }
        }
    }
}
