//! Reading what the council has of a report.

use crate::connect::Store;
use crate::error::StoreError;
use crate::history::{Walk, Written, Wrote};
use domain::board::Card;
use domain::field::{ContactField, FieldKey};
use domain::id::ReportId;
use domain::report::submitted::{Submitted, SubmittedContact};
use domain::sync::op::KnownChange;
use domain::sync::wire::{PROTOCOL, Seq};

impl Store {
    /// What the council has of a report: nothing before the first submission and after a withdrawal. The caller has
    /// checked that the person may read it.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn submitted(&self, report: ReportId) -> Result<Submitted, StoreError> {
        let (held, seq) = self.held(report).await?;
        let receipt = held.state.draft.submission.clone();
        let mut contact = held.contact.clone();
        let items = held.state.cards.values().map(|card| Card::clone(card)).collect();
        if let (Some(receipt), None) = (&receipt, &contact) {
            self.tables.reach().await?;
            contact = Some(self.contact_before(report, receipt.seq).await?);
        }
        Ok(Submitted { protocol: PROTOCOL, instance: self.instance, seq, receipt, contact, items })
    }

    /// The contact person as it stood before a place in the sequence, from the history: reports that were submitted
    /// before this program kept it have it nowhere else.
    async fn contact_before(&self, report: ReportId, seq: Seq) -> Result<SubmittedContact, StoreError> {
        let mut texts = [const { String::new() }; 3];
        for (text, field) in texts.iter_mut().zip(ContactField::ALL) {
            let wrote = Wrote::Field(FieldKey::Contact(field));
            let mut walk = Walk::back_from(&self.db, report, wrote, seq.saturating_sub(1)).await?;
            while let Some(found) = walk.next().await? {
                let accepted = found.iter().find(|written| written.done.answer.status == 200);
                let Some(Written { done, .. }) = accepted else { continue };
                let value = done.operation.known().and_then(KnownChange::value).and_then(|value| value.text());
                *text = value.unwrap_or_default().to_owned();
                break;
            }
        }
        let [name, email, phone] = texts;
        Ok(SubmittedContact { name, email, phone })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::field::{ContactValue, FieldValue, ItemValue};
    use domain::id::{ItemId, OpId};
    use domain::language::Language;
    use domain::person::Email;
    use domain::position::Position;
    use domain::section::Section;
    use domain::sync::op::Operation;

    #[tokio::test]
    async fn a_report_submitted_before_the_contact_was_kept_has_it_from_the_history() {
        let store = Store::open("mem://").await.expect("a database");
        store.load_demo().await.expect("the demonstration");
        let email = Email::parse("federal@demo.example").expect("an address");
        let signed_in =
            store.authenticate(Some(email), crate::DEMO_PASSPHRASE.to_owned(), ()).await.expect("an answer");
        let identity = signed_in.expect("the demonstration's passphrase");
        let view = store.council_view(identity.clone()).await.expect("the council");
        let edition = view.current_edition().expect("an open edition").id;
        let report = ReportId { edition, member: identity.member.expect("a member") };
        let contact = |value| KnownChange::Set { base_rev: 0, value: FieldValue::Contact(value) };
        let item = ItemId::new(crate::now(), &crate::entropy());
        let (section, position, language) = (Section::Priorities, Position::first(), Language::Fr);
        let title = FieldValue::Item(item, ItemValue::Title("Guichet".to_owned()));
        let changes = [
            contact(ContactValue::Name("Camille Exemple".to_owned())),
            contact(ContactValue::Phone("555-0100".to_owned())),
            KnownChange::AddItem { item, section, position, language },
            KnownChange::Set { base_rev: 0, value: title },
            KnownChange::Submit {},
            contact(ContactValue::Email("later@demo.example".to_owned())),
        ];
        let operation = |change| Operation::new(OpId::new(crate::now(), &crate::entropy()), report, change);
        let answers = store.push(identity, changes.map(operation).to_vec()).await.expect("answers");
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        let kept = store.submitted(report).await.expect("what the council has");
        store.db.query("DELETE submitted").await.expect("an answer").check().expect("as it was before");
        let found = store.submitted(report).await.expect("what the council has");
        assert_eq!(found, kept);
        assert_eq!(found.hash(), found.receipt.map(|receipt| receipt.hash));
    }
}
