//! The tables that do not follow from the log: the council, its members, people, editions and themes, the walls.

use super::file::Line;
use super::{BackupError, Counts, FORM, Manifest};
use crate::error::StoreError;
use crate::log;
use crate::migrate;
use crate::rows::{linked, record, row, rows};
use domain::id::InstanceId;
use serde_json::Value;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// A table, and its columns that link to another one.
struct Table {
    name: &'static str,
    links: &'static [(&'static str, &'static str)],
}

/// The table that is written last: with it, the database is whole.
pub const LAST: &str = "council";

/// In the order of a backup.
const TABLES: [Table; 6] = [
    Table { name: "council", links: &[] },
    Table { name: "member", links: &[("parent", "member")] },
    Table { name: "person", links: &[("member", "member")] },
    Table { name: "edition", links: &[] },
    Table { name: "theme", links: &[] },
    Table { name: "projection", links: &[] },
];

/// How much there is of what. Not RETURN, which would end the transaction.
pub const COUNTS: &str = "SELECT * FROM [{
    members: count(SELECT VALUE id FROM member), people: count(SELECT VALUE id FROM person),
    editions: count(SELECT VALUE id FROM edition), themes: count(SELECT VALUE id FROM theme),
    reports: count(SELECT VALUE id FROM report), items: count(SELECT VALUE id FROM item),
    cards: count(SELECT VALUE id FROM card)
}];";

/// Whether there is a row of what a restore writes before the council itself. Where a table is not defined, an error of
/// the statement: then there is none.
pub const BEGUN: &str = "SELECT VALUE true FROM member, person, edition, theme, projection, log LIMIT 1;";

impl Table {
    /// Its rows, links as the ids that they lead to.
    fn query(&self) -> String {
        let links =
            self.links.iter().map(|(column, _)| format!(", IF {column} {{ record::id({column}) }} AS {column}"));
        format!("SELECT *, record::id(id) AS id{} FROM {};", links.collect::<String>(), self.name)
    }
}

/// The manifest and the tables, as of one moment. The log up to the manifest's batch is to follow.
pub async fn read(db: &Surreal<Any>) -> Result<(Manifest, Vec<Line>), StoreError> {
    let tables: String = TABLES.iter().map(Table::query).collect();
    let query = format!(
        "BEGIN; SELECT VALUE batch FROM reader:tables; SELECT VALUE instance FROM council:this; {COUNTS} {tables} COMMIT;"
    );
    let mut response = db.query(query).await?;
    let batch = row::<u64>(&mut response, 1)?.unwrap_or_default();
    let instance = row::<InstanceId>(&mut response, 2)?.ok_or(StoreError::NoCouncil)?;
    let counts = row::<Counts>(&mut response, 3)?.ok_or(StoreError::NotExecuted)?;
    let mut lines = Vec::with_capacity(TABLES.len());
    for (index, table) in (4..).zip(&TABLES) {
        lines.push(Line::Table { table: table.name.to_owned(), rows: rows::<Value>(&mut response, index)? });
    }
    let end = log::mark_at(db, batch).await?.ok_or(StoreError::LogMissing { batch })?;
    let (at, schema) = (crate::now(), migrate::known());
    let manifest = Manifest { backup: FORM, schema, instance, at, batch, seq: end.seq, hash: end.hash, counts };
    Ok((manifest, lines))
}

/// Writes the rows of a table, under another instance. A table that this program does not know is of a newer one.
pub async fn write(db: &Surreal<Any>, name: &str, rows: Vec<Value>, instance: InstanceId) -> Result<(), StoreError> {
    let Some(table) = TABLES.iter().find(|table| table.name == name) else { return Err(BackupError::Newer.into()) };
    let row = |mut row: Value| {
        if name == "council" {
            row["instance"] = instance.to_string().into();
        }
        // A column that has no value is no column, for the database.
        row.as_object_mut().into_iter().for_each(|row| row.retain(|_, value| !value.is_null()));
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        let links: Vec<_> = table
            .links
            .iter()
            .filter_map(|(column, to)| Some((*column, record(to, row[*column].as_str()?.to_owned()))))
            .chain([("id", record(name, id))])
            .collect();
        linked(row, links)
    };
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    db.query(format!("INSERT INTO {name} $rows RETURN NONE")).bind(("rows", rows)).await?.check()?;
    Ok(())
}
