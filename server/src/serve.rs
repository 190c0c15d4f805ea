//! Serving, until told to stop.

use crate::connection;
use crate::middleware::limits::Limits;
use crate::router::router;
use crate::state::{AppState, Settings};
use axum::serve::ListenerExt;
use std::io;
use std::net::SocketAddr;
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
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    store: Store,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (tell, stopping) = watch::channel(false);
    let unread = 2 * crate::live::patience(settings.heartbeat);
    let state = AppState::new(store.clone(), settings, stopping.clone());
    let chores = tokio::spawn(keep_house(store, Arc::clone(&state.limits)));
    // A small event is sent at once, and not kept back for a larger packet.
    let listener = listener.tap_io(move |connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        if let Err(error) = connection::drop_when_unread(connection, unread) {
            tracing::debug!(%error, "no TCP_USER_TIMEOUT");
        }
    });
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        let _ = tell.send(true);
    });
    let done = tokio::select! {
        done = server => done,
        () = out_of_patience(stopping) => Ok(()),
    };
    chores.abort();
    done
}

async fn out_of_patience(mut stopping: watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        // The server itself has ended; it says so.
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
