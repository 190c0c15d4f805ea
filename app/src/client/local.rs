//! What may be lost or must be read at once, in `localStorage`: language, the last identity, preferences, and the
//! fallback copy of a draft where IndexedDB is refused. The only module that names gloo-storage.
//!
//! `localStorage` reaches the disk seconds late, so nothing here is what "Saved on this device" rests on.

use domain::board::looked::Looked;
use domain::id::{EditionId, PersonId};
use domain::json;
use domain::language::Language;
use domain::person::Identity;
use domain::time::Timestamp;
use gloo_storage::{LocalStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const LANGUAGE: &str = "roundtable.language";
const IDENTITY: &str = "roundtable.identity";
const DEVICE: &str = "roundtable.device";
const LAST_SYNC: &str = "roundtable.last_sync";
const SIGN_OUT_PENDING: &str = "roundtable.sign_out_pending";
const SHARED: &str = "roundtable.shared";
const LOOKED: &str = "roundtable.looked";

/// The storage is blocked, or full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// gloo-storage panics where storage is blocked, so it is asked first.
#[must_use]
pub fn available() -> bool {
    matches!(web_sys::window().map(|window| window.local_storage()), Some(Ok(Some(_))))
}

/// Everything is read and written as a JSON value: the library's code for it is then there once.
fn get<T: DeserializeOwned>(key: &str) -> Option<T> {
    let value = if available() { LocalStorage::get::<Value>(key).ok() } else { None };
    value.and_then(|value| json::read(&value).ok())
}

fn set<T: Serialize>(key: &str, value: &T) -> Result<(), Refused> {
    if available() { LocalStorage::set(key, json::write(value)).map_err(|_| Refused) } else { Err(Refused) }
}

fn remove(key: &str) {
    if available() {
        LocalStorage::delete(key);
    }
}

/// The language last chosen.
#[must_use]
pub fn language() -> Option<Language> {
    get(LANGUAGE)
}

/// Remembers the language. A convenience: where it cannot be kept, the browser's own decides next time.
pub fn keep_language(language: Language) {
    let _ = set(LANGUAGE, &language);
}

/// Who last signed in on this browser, so that the editor opens with no network.
#[must_use]
pub fn identity() -> Option<Identity> {
    get(IDENTITY)
}

/// Remembers who signed in, or forgets it. Where it cannot be kept, the editor asks to sign in when it is next opened.
pub fn keep_identity(identity: Option<&Identity>) {
    match identity {
        Some(identity) => {
            let _ = set(IDENTITY, identity);
        }
        None => remove(IDENTITY),
    }
}

/// Whether somebody signed out with no network: the server's session must still be ended.
#[must_use]
pub fn sign_out_pending() -> bool {
    get(SIGN_OUT_PENDING).unwrap_or(false)
}

/// Notes, or clears, that the server's session must still be ended. After the identity has gone there is room for so
/// short a note also where the storage was full.
pub fn keep_sign_out_pending(pending: bool) {
    if pending {
        let _ = set(SIGN_OUT_PENDING, &true);
    } else {
        remove(SIGN_OUT_PENDING);
    }
}

/// Whether others use this computer: what was sent does not stay on it.
#[must_use]
pub fn shared() -> bool {
    get(SHARED).unwrap_or(false)
}

/// Notes whether others use this computer.
///
/// # Errors
/// When it cannot be noted: nothing would be erased then.
pub fn keep_shared(shared: bool) -> Result<(), Refused> {
    if shared {
        set(SHARED, &true)
    } else {
        remove(SHARED);
        Ok(())
    }
}

/// The name that this browser drew for itself: it tells a person's devices apart in histories and presence. Where it
/// cannot be kept, each opening is a new device.
#[must_use]
pub fn device() -> String {
    get(DEVICE).unwrap_or_else(|| {
        let name = super::device::op_id().to_string();
        let _ = set(DEVICE, &name);
        name
    })
}

fn looked_key(person: PersonId, edition: EditionId) -> String {
    format!("{LOOKED}.{person}.{edition}")
}

/// When a person last looked at an edition's board here.
#[must_use]
pub fn looked(person: PersonId, edition: EditionId) -> Option<Looked> {
    get(&looked_key(person, edition))
}

/// Notes that a person looks at a board. A convenience: where it cannot be kept, nothing is marked as new next time.
pub fn keep_looked(person: PersonId, edition: EditionId, looked: Looked) {
    let _ = set(&looked_key(person, edition), &looked);
}

/// When the council last answered this device, by the device's clock.
#[must_use]
pub fn last_sync() -> Option<Timestamp> {
    get(LAST_SYNC)
}

/// Notes that the council has just answered.
pub fn keep_last_sync(at: Timestamp) {
    let _ = set(LAST_SYNC, &at);
}

/// Every fallback row under a prefix, in the order of the keys.
#[must_use]
pub fn fallback_rows(prefix: &str) -> Vec<(String, Value)> {
    if !available() {
        return Vec::new();
    }
    let raw = LocalStorage::raw();
    let keys = (0..raw.length().unwrap_or(0)).filter_map(|n| raw.key(n).ok().flatten());
    let mut keys: Vec<String> = keys.filter(|key| key.starts_with(prefix)).collect();
    keys.sort();
    keys.into_iter().filter_map(|key| get::<Value>(&key).map(|value| (key, value))).collect()
}

/// Writes one fallback row, or removes it.
///
/// # Errors
/// When the storage is blocked or full.
pub fn fallback_write(key: &str, value: Option<&Value>) -> Result<(), Refused> {
    match value {
        Some(value) => set(key, value),
        None => {
            remove(key);
            Ok(())
        }
    }
}
