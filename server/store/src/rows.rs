//! Between SurrealDB's values and the row types: rows travel as JSON, so that domain types serialise themselves.

use crate::error::StoreError;
use serde::de::DeserializeOwned;
use surrealdb::IndexedResults;
use surrealdb::types::{RecordId, RecordIdKey, SurrealValue, Value};

/// The rows of one statement. `index` counts statements, BEGIN and COMMIT too.
///
/// # Errors
/// When the statement failed, or a row is not of the type asked for.
pub fn rows<T: DeserializeOwned>(response: &mut IndexedResults, index: usize) -> Result<Vec<T>, StoreError> {
    let values: Vec<serde_json::Value> = response.take(index)?;
    values.into_iter().map(|value| serde_json::from_value(value).map_err(StoreError::from)).collect()
}

/// The single row of one statement, if there is one.
///
/// # Errors
/// As for [`rows`].
pub fn row<T: DeserializeOwned>(response: &mut IndexedResults, index: usize) -> Result<Option<T>, StoreError> {
    Ok(rows(response, index)?.pop())
}

/// A row for the database: JSON, but what links to other tables is a link. Links are made here and not by the query,
/// which takes twice as long for it.
pub fn linked<'a>(row: serde_json::Value, links: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let mut row = row.into_value();
    if let Value::Object(fields) = &mut row {
        fields.extend(links.into_iter().map(|(name, link)| (name.to_owned(), link)));
    }
    row
}

/// A link to a row.
pub fn record(table: &str, key: impl Into<RecordIdKey>) -> Value {
    Value::RecordId(RecordId::new(table, key))
}

/// The key of a row that has a number.
pub fn number(number: u64) -> RecordIdKey {
    RecordIdKey::Number(i64::try_from(number).unwrap_or(i64::MAX))
}
