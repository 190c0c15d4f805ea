//! A crowded board, for measurements: more cards than a council writes in years, in seconds instead of hours.

use super::files;
use crate::connect::Store;
use crate::error::StoreError;
use crate::log::{self, Changed, Done, chained};
use crate::memory::Held;
use crate::rows::rows;
use domain::field::{ContactValue, FieldValue, ItemValue};
use domain::id::{EditionId, ItemId, MemberId, OpId, PersonId, ReportId};
use domain::position::Position;
use domain::report::apply::apply;
use domain::report::decide::decide;
use domain::sync::decide::{Decided, Decision, Surroundings};
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{Answer, KnownOutcome, Outcome};
use std::collections::{BTreeSet, HashMap};

/// Operations in one batch.
const AT_ONCE: usize = 400;

impl Store {
    /// Puts so many cards on the board of an edition, past the limits of a report: the demonstration's items in other
    /// combinations, of all members in turn, as operations of the log like anybody's. Only for an empty server's
    /// measurements: nobody else may write meanwhile.
    ///
    /// # Errors
    /// When the database does not answer, or has no members.
    pub async fn load_crowd(&self, edition: EditionId, count: usize) -> Result<(), StoreError> {
        let mut response = self.db.query("SELECT VALUE record::id(id) FROM member").await?;
        let members = rows::<MemberId>(&mut response, 0)?;
        if members.is_empty() {
            return Err(StoreError::NoCouncil);
        }
        let sources: Vec<_> = files::reports()?.into_iter().flatten().flat_map(|report| report.items).collect();
        let person = PersonId::new(crate::now(), &crate::entropy());
        for (turn, member) in members.iter().enumerate() {
            let contact = |value| KnownChange::Set { base_rev: 0, value: FieldValue::Contact(value) };
            let mut changes = vec![
                contact(ContactValue::Name("Camille Exemple".to_owned())),
                contact(ContactValue::Phone("555-0100".to_owned())),
            ];
            for n in (turn..count).step_by(members.len()) {
                let source = &sources[n % sources.len()];
                let other = &sources[(n / sources.len() + 7 * n) % sources.len()];
                let more = if other.language == source.language { other.text.as_str() } else { "" };
                let item = ItemId::new(crate::now(), &crate::entropy());
                let set = |value| KnownChange::Set { base_rev: 0, value: FieldValue::Item(item, value) };
                let (section, position, language) = (source.section, Position::first(), source.language);
                changes.extend([
                    KnownChange::AddItem { item, section, position, language },
                    set(ItemValue::Title(format!("{} {n}", source.title))),
                    set(ItemValue::Text(format!("{} {more}", source.text).trim().to_owned())),
                    set(ItemValue::Themes(source.themes.clone())),
                ]);
            }
            if turn < count {
                changes.push(KnownChange::Submit {});
                self.append_crowd(ReportId { edition, member: *member }, person, &changes).await?;
            }
        }
        self.tables.reach_at_last().await
    }

    async fn append_crowd(
        &self,
        report: ReportId,
        person: PersonId,
        changes: &[KnownChange],
    ) -> Result<(), StoreError> {
        let mut held = Held::clone(&*self.held(report).await?.0);
        for some in changes.chunks(AT_ONCE) {
            let (head, at) = (self.memory.head(), crate::now());
            let (mut last, mut done, mut events, mut changed) = (head.seq, Vec::new(), Vec::new(), Changed::default());
            for change in some {
                let operation = Operation::new(OpId::new(at, &crate::entropy()), report, change.clone());
                let (outcome, applied) = if operation.is_barrier() {
                    let (by, themes) = (person, &BTreeSet::new());
                    let around = Surroundings { by, open: true, themes, now: at, foreign: false, whole: true };
                    let Decision { outcome, done } = decide(&mut held.state, &operation, around, last);
                    (outcome, done)
                } else {
                    let outcome = KnownOutcome::Accepted { seq: last + 1, at, receipt: None };
                    let decided = Decided { operation: &operation, by: person, outcome: &outcome };
                    let applied = apply(&mut held.state, decided);
                    (outcome, applied)
                };
                held.note(&applied.events);
                changed.note(report, &operation, &applied);
                last = applied.events.last().map_or(last, |event| event.seq);
                let (op_id, hash, outcome) = (operation.op_id, operation.hash.clone(), Outcome::Known(outcome));
                let answer = Answer { op_id, hash, status: 200, outcome };
                done.push(Done { operation, person, device: None, seq: last, at, answer });
                events.extend(applied.events);
            }
            let mark = chained(head, at, last, &done);
            let mut batch = log::Committed { mark, before: head.seq, at, done, events, changed, bytes: 0 };
            if log::append(&self.db, head, &mut batch).await? == log::Appended::Moved {
                return Err(StoreError::Contended { attempts: 1 });
            }
            self.memory.publish(batch, HashMap::from([(report, held.clone())]));
        }
        Ok(())
    }
}
