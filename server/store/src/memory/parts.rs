//! The parts of reports that a batch changed. A batch that the tables lack keeps these, not whole reports.

use super::Held;
use crate::log::Changed;
use domain::board::Card;
use domain::id::{ItemId, ReportId};
use domain::report::submitted::SubmittedContact;
use domain::report::{Contact, Item};
use domain::sync::wire::Receipt;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Parts of reports as of the end of a batch. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Of a report itself: the contact person of the draft, and the submission in force.
    pub reports: BTreeMap<ReportId, (Contact, Option<Receipt>)>,
    pub items: BTreeMap<ItemId, (ReportId, Arc<Item>)>,
    /// None: it left the board.
    pub cards: BTreeMap<ItemId, (ReportId, Option<Arc<Card>>)>,
    /// The contact person as submitted; none after a withdrawal.
    pub submitted: BTreeMap<ReportId, Option<SubmittedContact>>,
}

impl Parts {
    /// What was changed, from the reports that it was changed in.
    pub fn of(changed: &Changed, reports: &HashMap<ReportId, Held>) -> Self {
        let mut parts = Self::default();
        for report in &changed.reports {
            if let Some(draft) = reports.get(report).map(|held| &held.state.draft) {
                parts.reports.insert(*report, (draft.contact.clone(), draft.submission.clone()));
            }
        }
        for (report, id) in &changed.items {
            let items = reports.get(report).map(|held| &held.state.draft.items);
            if let Some(item) = items.and_then(|items| items.iter().find(|item| item.id == *id)) {
                parts.items.insert(*id, (*report, Arc::clone(item)));
            }
        }
        for (report, id) in &changed.cards {
            let card = reports.get(report).and_then(|held| held.state.cards.get(id)).cloned();
            parts.cards.insert(*id, (*report, card));
        }
        for report in &changed.submitted {
            parts.submitted.insert(*report, reports.get(report).and_then(|held| held.contact.clone()));
        }
        parts
    }

    /// Takes over what a later batch changed.
    pub fn extend(&mut self, later: &Self) {
        let Self { reports, items, cards, submitted } = later.clone();
        self.reports.extend(reports);
        self.items.extend(items);
        self.cards.extend(cards);
        self.submitted.extend(submitted);
    }
}
