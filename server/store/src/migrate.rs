//! Numbered migrations, applied at start, each in a transaction that also records it.
//!
//! An applied migration never changes: its checksum is recorded and compared. A new one only expands; what it
//! makes useless is removed by a later one, when no running program reads it any more.

mod log;

pub use log::bring_along;

use crate::error::{StoreError, committed};
use crate::rows::rows;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::time::Duration;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// How often one migration is tried when it conflicts with another transaction, and the pause between two attempts.
const ATTEMPTS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// One step of the schema. Its number is its place in [`MIGRATIONS`], from 1.
struct Migration {
    name: &'static str,
    files: &'static [&'static str],
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "the spine",
        files: &[
            include_str!("../schema/council.surql"),
            include_str!("../schema/member.surql"),
            include_str!("../schema/person.surql"),
            include_str!("../schema/edition.surql"),
            include_str!("../schema/theme.surql"),
            include_str!("../schema/report.surql"),
            include_str!("../schema/item.surql"),
            include_str!("../schema/card.surql"),
            include_str!("../schema/operation.surql"),
            include_str!("../schema/event.surql"),
            include_str!("../schema/sequence.surql"),
            include_str!("../schema/session.surql"),
        ],
    },
    Migration {
        name: "working together",
        files: &[include_str!("../schema/operation_device.surql"), include_str!("../schema/submitted.surql")],
    },
    Migration {
        name: "a bounded history",
        files: &[include_str!("../schema/operation_compact.surql"), include_str!("../schema/told.surql")],
    },
    Migration {
        name: "search and amendments",
        files: &[include_str!("../schema/words.surql"), include_str!("../schema/event_item.surql")],
    },
    Migration { name: "amendments by their card", files: &[include_str!("../schema/event_item_index.surql")] },
    Migration { name: "a projector", files: &[include_str!("../schema/projection.surql")] },
    Migration { name: "the log", files: &[include_str!("../schema/log.surql")] },
    Migration { name: "ids by their batch", files: &[include_str!("../schema/taken_ids.surql")] },
    Migration {
        name: "sessions by a hash",
        files: &[include_str!("../schema/person_session.surql"), include_str!("../schema/secret.surql")],
    },
];

impl Migration {
    fn checksum(&self) -> String {
        let digest = Sha256::digest(self.files.concat().as_bytes());
        digest.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

#[derive(Deserialize)]
struct Applied {
    number: u32,
    checksum: String,
}

/// The number of the last migration that this program knows.
pub fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings the database to this program's schema.
///
/// # Errors
/// When the database is newer, an applied migration differs from the one here, or a statement fails (then nothing
/// of that migration is applied).
pub async fn migrate(db: &Surreal<Any>) -> Result<(), StoreError> {
    let applied = applied(db).await?;
    let known = known();
    if let Some(found) = applied.iter().map(|a| a.number).max().filter(|found| *found > known) {
        return Err(StoreError::Newer { found, known });
    }
    for (number, migration) in (1_u32..).zip(MIGRATIONS) {
        match applied.iter().find(|a| a.number == number) {
            Some(a) if a.checksum == migration.checksum() => {}
            Some(_) => return Err(StoreError::MigrationChanged { number }),
            None => apply(db, number, migration).await?,
        }
    }
    Ok(())
}

async fn applied(db: &Surreal<Any>) -> Result<Vec<Applied>, StoreError> {
    let ledger = include_str!("../schema/migration.surql").replace("DEFINE TABLE", "DEFINE TABLE IF NOT EXISTS");
    db.query(ledger.replace("DEFINE FIELD", "DEFINE FIELD IF NOT EXISTS")).await?.check()?;
    let mut response = db.query("SELECT record::id(id) AS number, checksum FROM migration ORDER BY number").await?;
    rows(&mut response, 0)
}

/// Tries again on a conflict: the database builds an index of an earlier migration in the background, in transactions of its
/// own.
async fn apply(db: &Surreal<Any>, number: u32, migration: &Migration) -> Result<(), StoreError> {
    let record = "CREATE type::record('migration', $number) SET name = $name, checksum = $checksum;";
    let transaction = format!("BEGIN;\n{}\n{record}\nCOMMIT;", migration.files.concat());
    let mut attempt = 1;
    loop {
        let query = db.query(&transaction).bind(("number", number)).bind(("name", migration.name));
        if committed(&mut query.bind(("checksum", migration.checksum())).await?)? {
            tracing::info!(number, name = migration.name, "migration applied");
            return Ok(());
        }
        if attempt == ATTEMPTS {
            return Err(StoreError::Contended { attempts: ATTEMPTS });
        }
        tracing::info!(number, attempt, "a migration lost against another transaction; trying it again");
        attempt += 1;
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn empty() -> Surreal<Any> {
        let db = surrealdb::engine::any::connect("mem://").await.expect("an in-memory database");
        db.use_ns("test").use_db("test").await.expect("a namespace");
        db
    }

    #[test]
    fn applied_migrations_never_change() {
        let frozen = [
            "929ba95e", "408d7621", "88369bd7", "14603740", "c8966333", "f3e62d88", "9b41e368", "bf94ceae", "8b2f1e2d",
        ];
        let now: Vec<String> = MIGRATIONS.iter().map(|m| m.checksum()[..8].to_owned()).collect();
        assert_eq!(now, frozen, "write a new migration; do not edit one that databases out there have applied");
    }

    #[tokio::test]
    async fn a_second_start_applies_nothing() {
        let db = empty().await;
        migrate(&db).await.expect("the first start");
        migrate(&db).await.expect("the second start");
        assert_eq!(applied(&db).await.expect("the ledger").len(), MIGRATIONS.len());
    }

    #[tokio::test]
    async fn a_newer_database_and_a_changed_migration_are_refused() {
        let db = empty().await;
        migrate(&db).await.expect("migrated");
        db.query("UPDATE migration:1 SET checksum = 'other'").await.expect("an answer");
        db.query("CREATE migration:99 SET name = 'later', checksum = 'x'")
            .await
            .expect("an answer")
            .check()
            .expect("made");
        assert!(matches!(migrate(&db).await, Err(StoreError::Newer { found: 99, .. })));

        let db = empty().await;
        applied(&db).await.expect("the ledger");
        let other = "CREATE migration:1 SET name = 'other', checksum = 'other'";
        db.query(other).await.expect("an answer").check().expect("made");
        assert!(matches!(migrate(&db).await, Err(StoreError::MigrationChanged { number: 1 })));
    }

    #[tokio::test]
    async fn ids_that_had_a_row_each_stay_taken() {
        let db = empty().await;
        applied(&db).await.expect("the ledger");
        for (number, migration) in (1..=7).zip(MIGRATIONS) {
            apply(&db, number, migration).await.expect("as the last program left it");
        }
        let taken = "UPDATE sequence:council SET n = 5;
            CREATE taken:⟨operation/a⟩ SET batch = 1; CREATE taken:⟨operation/b⟩ SET batch = 1;
            CREATE taken:⟨item/c⟩ SET batch = 1, report = 'r'; CREATE taken:⟨operation/d⟩ SET batch = 2;
            CREATE taken:⟨item/e⟩ SET batch = 0, report = 'r'; CREATE taken:⟨item/f⟩ SET batch = 0, report = 'r';";
        db.query(taken).await.expect("an answer").check().expect("rows");
        migrate(&db).await.expect("migrated");
        let found = "SELECT VALUE [record::id(id), array::sort(ids)] FROM taken_ids ORDER BY id;
            SELECT VALUE n FROM sequence";
        let mut response = db.query(found).await.expect("an answer");
        let expected = serde_json::json!([
            [-1, ["item/e", "item/f"]],
            [1, ["item/c", "operation/a", "operation/b"]],
            [2, ["operation/d"]],
        ]);
        assert_eq!(serde_json::Value::Array(rows(&mut response, 0).expect("rows")), expected);
        assert_eq!(rows::<u64>(&mut response, 1).expect("the sequence"), [5]);
        let again =
            db.query("CREATE taken_ids:3 SET ids = ['operation/g', 'item/f']").await.expect("an answer").check();
        assert!(again.expect_err("taken twice").to_string().contains("item/f"));
    }

    /// Of more ids at once the database reads the whole table.
    #[tokio::test]
    async fn ids_are_looked_up_in_the_index() {
        let db = empty().await;
        migrate(&db).await.expect("migrated");
        let ids: Vec<String> = (0..32).map(|n| format!("operation/{n}")).collect();
        let query = "SELECT record::id(id) AS batch, ids FROM taken_ids WHERE ids CONTAINSANY $ids EXPLAIN";
        let mut response = db.query(query).bind(("ids", ids)).await.expect("an answer");
        let plan: surrealdb::types::Value = response.take(0).expect("a plan");
        let plan = format!("{plan:?}");
        assert!(plan.contains("taken_ids_ids") && !plan.contains("TableScan"), "{plan}");
    }

    #[tokio::test]
    async fn a_failed_migration_leaves_nothing_behind() {
        let db = empty().await;
        applied(&db).await.expect("the ledger");
        let broken = Migration { name: "broken", files: &["DEFINE TABLE half SCHEMAFULL; THROW 'stop';"] };
        assert!(apply(&db, 1, &broken).await.is_err());
        let mut info = db.query("INFO FOR DB").await.expect("an answer");
        let info: Option<serde_json::Value> = info.take(0).expect("a value");
        assert!(info.expect("a row")["tables"].get("half").is_none());
        assert!(applied(&db).await.expect("the ledger").is_empty());
    }

    #[tokio::test]
    async fn a_database_of_an_older_program_is_brought_along_with_what_is_in_it() {
        let db = empty().await;
        applied(&db).await.expect("the ledger");
        apply(&db, 1, &MIGRATIONS[0]).await.expect("as the first program left it");
        let cards = [("a", "en", "Digital identities"), ("b", "fr", "Identité")].map(|(id, language, title)| {
            format!(
                "CREATE card:{id} SET edition = edition:e, report = report:r, member = member:m, section = 'priorities', \
                 position = '80', language = '{language}', title = '{title}', text = '', themes = [], submitted_at = 1"
            )
        });
        let told = r#"CREATE event:1 SET edition = edition:e, report = report:r, at = 1, kind = 'board', body =
            '{"card":{"item":"0190c450-6c03-7303-8303-030303030303","text":"\\"item\\":\\"x"},"kind":"card"}';
            CREATE event:2 SET edition = edition:e, report = report:r, at = 1, kind = 'draft'"#;
        db.query(cards.join(";")).query(told).await.expect("an answer").check().expect("cards and events");
        let hash = "0".repeat(64);
        let create = format!(
            "CREATE operation:a SET report = report:r, person = person:p, hash = '{hash}', field = 'contact/name', \
             seq = 1, at = 2, status = 200, body = 'b', answer = 'a'"
        );
        db.query(create).await.expect("an answer").check().expect("an operation");
        migrate(&db).await.expect("migrated");
        let mut response = db.query("SELECT VALUE body FROM operation WHERE device = NONE").await.expect("an answer");
        assert_eq!(rows::<String>(&mut response, 0).expect("rows"), ["b"]);
        let found = "SELECT VALUE item FROM event WHERE item = '0190c450-6c03-7303-8303-030303030303'";
        let mut response = db.query(found).await.expect("an answer");
        assert_eq!(rows::<String>(&mut response, 0).expect("rows"), ["0190c450-6c03-7303-8303-030303030303"]);
    }
}
