//! The facts that the status line is made of, from the form and the app together.

use super::state::ReportState;
use domain::report::{Item, Missing, missing};
use domain::sync::status::{Facts, Status, status};
use leptos::prelude::*;

/// What is true now.
#[must_use]
pub fn current_status(state: ReportState) -> Memo<Status> {
    Memo::new(move |_| {
        status(&Facts {
            unsaved: state.unsaved.get(),
            save_failed: state.save_failed.get(),
            sending: state.client.sending.get(),
            reach: state.client.reach.get(),
            ..state.queue.with(|queue| queue.facts.clone())
        })
    })
}

/// What the report lacks, by the same rule as the server's.
#[must_use]
pub fn lacking(state: ReportState) -> Memo<Vec<Missing>> {
    Memo::new(move |_| {
        let items: Vec<Item> = state.items.get().iter().map(|item| item.snapshot()).collect();
        missing(&state.contact(), &items)
    })
}

/// The whole report as plain text, in the order of the form: what is copied and downloaded when storage fails.
#[must_use]
pub fn as_text(state: ReportState, title: impl Fn(domain::section::Section) -> &'static str) -> String {
    let contact = state.contact();
    let mut text = format!("{}\n{}\n{}\n", contact.name.value, contact.email.value, contact.phone.value);
    for section in domain::section::Section::ALL {
        text.push_str(&format!("\n{}. {}\n", section.number(), title(section)));
        for item in state.standing(section) {
            text.push_str(&format!("\n- {}\n{}\n", item.title.get(), item.text.get()));
        }
    }
    text
}
