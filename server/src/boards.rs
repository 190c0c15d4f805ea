//! Snapshots of boards as they go over the wire, compressed once for all who ask.
//!
//! A room reads one board at once, and the board changes rarely by then: the compressed answer is kept until the board is
//! another one. Its cursor may then be behind the log, by changes that were not about this board.

use crate::error::ApiError;
use app::error::AppError;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use domain::id::{EditionId, InstanceId};
use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::BoardSnapshot;
use tokio::sync::Mutex as AsyncMutex;

/// A compressed answer says when the board was so; it is made anew after so long, although nothing changed.
const AGE: Duration = Duration::from_secs(60);
/// Brotli's: what takes little more time than sending the rest would.
const QUALITY: u32 = 4;
const WINDOW: u32 = 22;
const BUFFER: usize = 64 << 10;

/// The compressed snapshots of the process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Boards(Arc<Mutex<HashMap<EditionId, Slot>>>);

/// Held while a snapshot is compressed.
type Slot = Arc<AsyncMutex<Option<Packed>>>;

#[derive(Debug)]
struct Packed {
    version: u64,
    at: Instant,
    bytes: Bytes,
}

impl Boards {
    /// The answer to whoever reads a board.
    ///
    /// # Errors
    /// When the snapshot cannot be written: a fault of the program.
    pub async fn answer(
        &self,
        edition: EditionId,
        snapshot: BoardSnapshot,
        instance: InstanceId,
        asked: &HeaderMap,
    ) -> Result<Response, ApiError> {
        let json = (CONTENT_TYPE, "application/json");
        if !takes_brotli(asked) {
            let bytes = written(snapshot, instance).await?;
            return Ok(([json, (VARY, "accept-encoding")], bytes).into_response());
        }
        let slot = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(edition).or_default());
        // Whoever asks meanwhile waits for this one.
        let mut packed = slot.lock().await;
        let kept = packed.as_ref().filter(|kept| kept.version == snapshot.version && kept.at.elapsed() < AGE);
        let bytes = match kept {
            Some(kept) => kept.bytes.clone(),
            None => {
                let (version, at) = (snapshot.version, Instant::now());
                let bytes = compressed(written(snapshot, instance).await?).await?;
                *packed = Some(Packed { version, at, bytes: bytes.clone() });
                bytes
            }
        };
        Ok(([json, (CONTENT_ENCODING, "br"), (VARY, "accept-encoding")], bytes).into_response())
    }
}

fn takes_brotli(asked: &HeaderMap) -> bool {
    let listed = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut listed = listed.flat_map(|value| value.split(','));
    listed.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("br") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

async fn written(snapshot: BoardSnapshot, instance: InstanceId) -> Result<Vec<u8>, AppError> {
    let written = tokio::task::spawn_blocking(move || snapshot.json(instance, store::now())).await;
    written.map_err(|_| AppError::Internal)?.map_err(|_| AppError::Internal)
}

async fn compressed(bytes: Vec<u8>) -> Result<Bytes, AppError> {
    let compressing = tokio::task::spawn_blocking(move || {
        let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW);
        writer.write_all(&bytes).map(|()| writer.into_inner())
    });
    let bytes = compressing.await.map_err(|_| AppError::Internal)?.map_err(|_| AppError::Internal)?;
    Ok(Bytes::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_whoever_takes_it() {
        let cases = [("br", true), ("gzip, br;q=0.5", true), ("gzip", false), ("br;q=0, gzip", false), ("", false)];
        for (listed, takes) in cases {
            let asked = HeaderMap::from_iter([(ACCEPT_ENCODING, listed.parse().expect("a value"))]);
            assert_eq!(takes_brotli(&asked), takes, "{listed}");
        }
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}
