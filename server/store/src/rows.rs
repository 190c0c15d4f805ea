//! Between SurrealDB's values and the row types: rows travel as JSON, so that domain types serialise themselves.

use crate::error::StoreError;
use serde::de::DeserializeOwned;
use surrealdb::IndexedResults;

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
