//! The journal where IndexedDB is refused: `localStorage`, or the page's own memory.

use super::{JournalError, Plan, Rows, Table};
use crate::client::local::{fallback_rows, fallback_write};
use serde_json::Value;

fn root(table: Table) -> String {
    format!("roundtable.{}/", table.name())
}

/// Rows are written one by one; where one is refused, those before it are put back.
pub fn update_local(table: Table, prefixes: &[String], plan: Plan<'_>) -> Result<(), JournalError> {
    let root = root(table);
    let stored = |prefix: &String| fallback_rows(&format!("{root}{prefix}"));
    let unrooted = |(key, value): (String, Value)| (key[root.len()..].to_owned(), value);
    let rows: Rows = prefixes.iter().flat_map(stored).map(unrooted).collect();
    let writes = plan(&rows);
    for (n, write) in writes.iter().enumerate() {
        if fallback_write(&format!("{root}{}", write.key), write.value.as_ref()).is_err() {
            for done in &writes[..n] {
                let _ = fallback_write(&format!("{root}{}", done.key), rows.get(&done.key));
            }
            return Err(JournalError("localStorage is full or blocked".to_owned()));
        }
    }
    Ok(())
}

/// Nothing can be refused here, and nothing lasts.
pub fn update_memory(all: &mut Rows, table: Table, prefixes: &[String], plan: Plan<'_>) {
    let root = root(table);
    let mut rows = Rows::new();
    for prefix in prefixes {
        let from = format!("{root}{prefix}");
        let under = all.iter().filter(|(key, _)| key.starts_with(&from));
        rows.extend(under.map(|(key, value)| (key[root.len()..].to_owned(), value.clone())));
    }
    let writes = plan(&rows);
    for write in writes {
        let key = format!("{root}{}", write.key);
        match write.value {
            Some(value) => all.insert(key, value),
            None => all.remove(&key),
        };
    }
}
