//! Signed-in people, and what they type.

use anyhow::{Context, Result, ensure};
use domain::council::CouncilView;
use domain::field::{ContactValue, FieldValue, ItemValue};
use domain::id::{EditionId, ItemId, OpId, ReportId};
use domain::language::Language;
use domain::position::Position;
use domain::section::Section;
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{PROTOCOL, Push, PushAnswer};
use reqwest::Client;
use serde_json::json;

/// Somebody of the demonstration.
#[derive(Clone)]
pub struct Person {
    /// Keeps connections open.
    pub client: Client,
    /// Where.
    pub base: String,
    /// The session.
    pub cookie: String,
    /// What they know.
    pub view: CouncilView,
}

impl Person {
    /// Signs in.
    pub async fn sign_in(base: &str, key: &str) -> Result<Self> {
        let client = Client::new();
        let credentials =
            json!({"credentials": {"email": format!("{key}@demo.example"), "passphrase": store::DEMO_PASSPHRASE}});
        let answer = client.post(format!("{base}/api/sign-in")).json(&credentials).send().await?.error_for_status()?;
        let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let cookies: Vec<_> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
        let cookie = cookies.join("; ");
        let council = client.get(format!("{base}/api/council")).header("cookie", &cookie).send().await?;
        let view = council.error_for_status()?.json().await?;
        Ok(Self { client, base: base.to_owned(), cookie, view })
    }

    /// The open edition.
    pub fn edition(&self) -> Result<EditionId> {
        Ok(self.view.current_edition().context("an open edition")?.id)
    }

    /// Their report of the open edition.
    pub fn report(&self) -> Result<ReportId> {
        Ok(ReportId { edition: self.edition()?, member: self.view.identity.member.context("a member")? })
    }

    /// Pushes changes in one request; all of them must be accepted.
    pub async fn push(&self, changes: Vec<KnownChange>) -> Result<PushAnswer> {
        self.send(&self.queue(changes)?).await
    }

    /// Changes as they wait on a device.
    pub fn queue(&self, changes: Vec<KnownChange>) -> Result<Vec<Operation>> {
        let report = self.report()?;
        let operation = |change| Operation::new(OpId::new(store::now(), &store::entropy()), report, change);
        Ok(changes.into_iter().map(operation).collect())
    }

    /// Sends what waits in one request; all of it must be accepted, or be a conflict.
    pub async fn send(&self, operations: &[Operation]) -> Result<PushAnswer> {
        let person = self.view.identity.person;
        let push = Push {
            protocol: PROTOCOL,
            person,
            device: None,
            instance: None,
            mark: None,
            operations: operations.to_vec(),
        };
        let request =
            self.client.post(format!("{}/api/operations", self.base)).header("cookie", &self.cookie).json(&push);
        let answer: PushAnswer = request.send().await?.error_for_status()?.json().await?;
        let refused = answer.answers.iter().find(|answer| !matches!(answer.status, 200 | 409));
        ensure!(refused.is_none(), "not accepted: {refused:?}");
        Ok(answer)
    }
}

/// A new item with a title.
pub fn item(title: &str) -> [KnownChange; 2] {
    let item = ItemId::new(store::now(), &store::entropy());
    let (section, position, language) = (Section::Priorities, Position::first(), Language::En);
    let title = FieldValue::Item(item, ItemValue::Title(title.to_owned()));
    [KnownChange::AddItem { item, section, position, language }, KnownChange::Set { base_rev: 0, value: title }]
}

/// A contact person, without whom nothing is submitted.
pub fn contact() -> [KnownChange; 2] {
    let set = |value| KnownChange::Set { base_rev: 0, value: FieldValue::Contact(value) };
    [set(ContactValue::Name("Camille Exemple".to_owned())), set(ContactValue::Phone("555-0100".to_owned()))]
}
