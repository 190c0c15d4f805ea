//! The demonstration council: real administrations, invented people and reports, loaded only into an empty database.
//!
//! The reports go through [`Store::push`] like anybody's, so that the demonstration's log, cards and receipts are
//! what the program itself writes.

mod crowd;
mod editions;
mod files;

use crate::connect::Store;
use crate::error::StoreError;
use crate::passphrase;
use crate::rows::row;
use domain::council::permit;
use domain::field::{ContactValue, FieldValue, ItemValue};
use domain::id::{EditionId, ItemId, MemberId, OpId, PersonId, ReportId};
use domain::member::{Member, check_membership};
use domain::person::{Email, Identity, Role};
use domain::position::Position;
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{KnownOutcome, Outcome};
use domain::theme::{Theme, ThemeId, ThemeState};
use domain::time::Date;
use files::{DemoItem, DemoMember, DemoReport, DemoTheme};
use serde::Deserialize;
use std::collections::HashMap;

/// The one passphrase of all demonstration people. A demonstration has no secrets.
pub const DEMO_PASSPHRASE: &str = "tour-de-table";

/// What loading the demonstration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoLoaded {
    /// It was loaded.
    Loaded {
        /// Members.
        members: usize,
        /// Reports.
        reports: usize,
        /// Items.
        items: usize,
    },
    /// The database already has members; nothing was touched.
    NotEmpty,
}

/// The end of every address of the demonstration: `.example` is nobody's (RFC 2606).
const DEMO_DOMAIN: &str = "@demo.example";

/// Accounts of the demonstration, whose passphrase everybody can read, and others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Accounts {
    /// The demonstration's.
    pub demo: u64,
    /// Everybody else's.
    pub others: u64,
}

impl Store {
    /// How many accounts there are of the demonstration, and how many others.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accounts(&self) -> Result<Accounts, StoreError> {
        let query = "SELECT * FROM [{
            demo: count(SELECT VALUE id FROM person WHERE string::ends_with(email, $domain)),
            others: count(SELECT VALUE id FROM person WHERE !string::ends_with(email, $domain))
        }]";
        let mut response = self.db.query(query).bind(("domain", DEMO_DOMAIN)).await?;
        Ok(row(&mut response, 0)?.unwrap_or_default())
    }

    /// Loads the demonstration council into an empty database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load_demo(&self) -> Result<DemoLoaded, StoreError> {
        let mut response = self.db.query("SELECT VALUE record::id(id) FROM member LIMIT 1").await?;
        if row::<String>(&mut response, 0)?.is_some() {
            return Ok(DemoLoaded::NotEmpty);
        }
        let sources = files::members()?;
        let ids: HashMap<&str, MemberId> = sources
            .iter()
            .map(|source| (source.key.as_str(), MemberId::new(crate::now(), &crate::entropy())))
            .collect();
        let members = members_of(&sources, &ids);
        check_membership(&members).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
        let editions = editions::editions(Date::of(crate::now()))?;
        let people = people_of(&sources, &ids)?;
        self.insert_council(&members, &people, &editions).await?;
        let (mut reports, mut items) = (0, 0);
        for (edition, file) in editions.iter().zip(files::reports()?) {
            self.set_state(edition.id, "open").await?;
            for source in &file {
                items += self.push_report(edition.id, source, &ids, &people).await?;
                reports += 1;
            }
            self.set_state(edition.id, edition.state.as_str()).await?;
        }
        self.tables.reach_at_last().await?;
        Ok(DemoLoaded::Loaded { members: members.len(), reports, items })
    }

    async fn insert_council(
        &self,
        members: &[Member],
        people: &[Identity],
        editions: &[domain::edition::Edition],
    ) -> Result<(), StoreError> {
        let hash = tokio::task::spawn_blocking(|| passphrase::hash(DEMO_PASSPHRASE));
        let hash = hash.await.map_err(|_| StoreError::Stopped)??;
        let themes = files::themes()?.into_iter().map(theme_row).collect::<Result<Vec<_>, _>>()?;
        let query = self.db.query(include_str!("demo/insert.surql")).bind(("hash", hash));
        let query =
            query.bind(("members", serde_json::to_value(members)?)).bind(("people", serde_json::to_value(people)?));
        let query =
            query.bind(("editions", serde_json::to_value(editions)?)).bind(("themes", serde_json::to_value(themes)?));
        query.await?.check()?;
        self.directory.changed();
        Ok(())
    }

    async fn set_state(&self, edition: EditionId, state: &str) -> Result<(), StoreError> {
        let query = "UPDATE type::record('edition', $id) SET state = $state";
        let query = self.db.query(query).bind(("id", edition.to_string())).bind(("state", state.to_owned()));
        query.await?.check()?;
        self.directory.changed();
        Ok(())
    }

    async fn push_report(
        &self,
        edition: EditionId,
        source: &DemoReport,
        ids: &HashMap<&str, MemberId>,
        people: &[Identity],
    ) -> Result<usize, StoreError> {
        let unknown = || StoreError::Inconsistent(format!("no demonstration member {}", source.member));
        let member = ids.get(source.member.as_str()).copied().ok_or_else(unknown)?;
        let identity =
            people.iter().find(|person| permit::drafts_for(Some(person)) == Some(member)).ok_or_else(unknown)?;
        let report = ReportId { edition, member };
        let operations: Vec<Operation> = changes_of(source)
            .into_iter()
            .map(|change| Operation::new(OpId::new(crate::now(), &crate::entropy()), report, change))
            .collect();
        for answer in self.push(identity.clone(), operations).await? {
            if !matches!(answer.outcome, Outcome::Known(KnownOutcome::Accepted { .. })) {
                return Err(StoreError::Inconsistent(format!("{}: {:?}", source.member, answer.outcome)));
            }
        }
        Ok(source.items.len())
    }
}

fn members_of(sources: &[DemoMember], ids: &HashMap<&str, MemberId>) -> Vec<Member> {
    let member = |(position, source): (u32, &DemoMember)| Member {
        id: ids[source.key.as_str()],
        kind: source.kind,
        parent: source.parent.as_deref().and_then(|key| ids.get(key)).copied(),
        name: source.name.clone(),
        short: source.short.clone(),
        province: source.province.clone(),
        position,
    };
    (0..).zip(sources).map(member).collect()
}

/// One person for each member, a colleague for the federal one, and one for each other role.
fn people_of(sources: &[DemoMember], ids: &HashMap<&str, MemberId>) -> Result<Vec<Identity>, StoreError> {
    let person = |key: &str, name: String, role, member| -> Result<Identity, StoreError> {
        let email = Email::parse(&format!("{key}{DEMO_DOMAIN}"));
        let email = email.map_err(|error| StoreError::Inconsistent(format!("{key}: {error}")))?;
        Ok(Identity { person: PersonId::new(crate::now(), &crate::entropy()), name, email, role, member })
    };
    let mut people = Vec::with_capacity(sources.len() + 4);
    for source in sources {
        let name = format!("{} (démo)", source.short.en);
        people.push(person(&source.key, name, Role::Member, ids.get(source.key.as_str()).copied())?);
    }
    let federal = ids.get("federal").copied();
    people.push(person("federal.2", "Canada 2 (démo)".to_owned(), Role::Member, federal)?);
    people.push(person("council", "Council / Conseil (démo)".to_owned(), Role::Council, None)?);
    people.push(person("secretariat", "Secretariat / Secrétariat (démo)".to_owned(), Role::Secretariat, None)?);
    people.push(person("observer", "Observer / Observation (démo)".to_owned(), Role::Observer, None)?);
    Ok(people)
}

fn theme_row(source: DemoTheme) -> Result<Theme, StoreError> {
    let id = ThemeId::parse(&source.slug).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    let DemoTheme { name, description, colour, position, .. } = source;
    Ok(Theme { id, name, description, position, colour, state: ThemeState::Active })
}

fn changes_of(source: &DemoReport) -> Vec<KnownChange> {
    let set = |value| KnownChange::Set { base_rev: 0, value };
    let contact = [
        ContactValue::Name(source.contact.name.clone()),
        ContactValue::Email(source.contact.email.clone()),
        ContactValue::Phone(source.contact.phone.clone()),
    ];
    let mut changes: Vec<KnownChange> = contact.into_iter().map(|value| set(FieldValue::Contact(value))).collect();
    let mut position = Position::first();
    for DemoItem { section, language, title, text, themes } in &source.items {
        let item = ItemId::new(crate::now(), &crate::entropy());
        changes.push(KnownChange::AddItem { item, section: *section, position: position.clone(), language: *language });
        changes.push(set(FieldValue::Item(item, ItemValue::Title(title.clone()))));
        changes.push(set(FieldValue::Item(item, ItemValue::Text(text.clone()))));
        if !themes.is_empty() {
            changes.push(set(FieldValue::Item(item, ItemValue::Themes(themes.clone()))));
        }
        position = Position::between(Some(&position), None);
    }
    if source.submitted {
        changes.push(KnownChange::Submit {});
    }
    changes
}
