//! The server's own key: made once, read at each start.

use crate::error::StoreError;
use crate::rows::row;
use std::fmt::Write as _;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

const READ: &str = "SELECT VALUE key FROM secret:server";

/// The key of this database. Where none can be written, one that is good until the next start.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure(db: &Surreal<Any>) -> Result<[u8; 32], StoreError> {
    if let Some(key) = read(db).await? {
        return Ok(key);
    }
    let key: [u8; 32] = crate::random();
    let create = db.query("CREATE secret:server SET key = $key RETURN NONE").bind(("key", hexadecimal(&key)));
    // Another server may have made one at the same moment.
    let created = create.await.and_then(surrealdb::IndexedResults::check);
    if let Err(error) = created {
        tracing::warn!(%error, "the server's key could not be written");
    }
    Ok(read(db).await?.unwrap_or(key))
}

async fn read(db: &Surreal<Any>) -> Result<Option<[u8; 32]>, StoreError> {
    let mut response = db.query(READ).await?;
    Ok(row::<String>(&mut response, 0)?.and_then(|text| parse(&text)))
}

fn hexadecimal(key: &[u8]) -> String {
    key.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes().chunks_exact(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    digits.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let key: [u8; 32] = crate::random();
        assert_eq!(parse(&hexadecimal(&key)), Some(key));
        for bad in ["", "00", &"0".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn it_is_made_once() {
        let db = surrealdb::engine::any::connect("mem://").await.expect("an in-memory database");
        db.use_ns("test").use_db("test").await.expect("a namespace");
        crate::migrate::migrate(&db).await.expect("migrated");
        let first = ensure(&db).await.expect("a key");
        assert_eq!(ensure(&db).await.expect("the key"), first);
    }
}
