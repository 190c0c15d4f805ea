//! Saving the rescue file. In the first download, because it is for the moment when nothing else can be fetched.

use super::state::ReportState;
use crate::client::context::Client;
use crate::client::{device, format};
use crate::words::{self, Texts, text};
use domain::field::{ContactValue, FieldValue, ItemValue};
use domain::id::ReportId;
use domain::rescue::{Labels, Rescue, VERSION};
use domain::section::Section;
use leptos::prelude::*;

/// Every field as it is on the screen.
#[must_use]
pub fn fields_of(state: ReportState) -> Vec<FieldValue> {
    let contact = [
        ContactValue::Name(state.contact_name.get_untracked()),
        ContactValue::Email(state.contact_email.get_untracked()),
        ContactValue::Phone(state.contact_phone.get_untracked()),
    ];
    let mut fields: Vec<FieldValue> = contact.into_iter().map(FieldValue::Contact).collect();
    for item in state.items.get_untracked() {
        let values = [
            ItemValue::Section(item.section.get_untracked()),
            ItemValue::Position(item.position.get_untracked()),
            ItemValue::Language(item.language.get_untracked()),
            ItemValue::Title(item.title.get_untracked()),
            ItemValue::Text(item.text.get_untracked()),
            ItemValue::Themes(item.themes.get_untracked()),
            ItemValue::Deleted(item.deleted.get_untracked()),
        ];
        fields.extend(values.into_iter().map(|value| FieldValue::Item(item.id, value)));
    }
    fields
}

/// Offers the file. `false`: the browser would not make one.
pub fn save(i18n: Texts, client: Client, report: ReportId, fields: Vec<FieldValue>) -> bool {
    let language = words::language_now(i18n);
    untrack(|| {
        let names = client.council.with(|council| {
            let council = council.as_ref()?;
            let member = council.member(report.member)?;
            let edition = council.editions.iter().find(|edition| edition.id == report.edition)?;
            Some((member.name.get(language).to_owned(), edition.name.get(language).to_owned()))
        });
        let (member, edition) = names.unwrap_or_default();
        let saved_at = device::now();
        let day = format::iso(saved_at);
        let title = format!("{} · {member} · {edition}", text!(i18n, titles.report));
        let about =
            text!(i18n, rescue.about, date = format::date(saved_at, language), time = format::time(saved_at, language))
                .to_string();
        let labels = Labels {
            language,
            title: &title,
            about: &about,
            contact: text!(i18n, contact.title),
            sections: Section::ALL.map(|section| words::section_title(i18n, section)),
        };
        let page = Rescue { version: VERSION, report, saved_at, fields }.to_html(&labels);
        device::download(&format!("{}-{day}.html", text!(i18n, rescue.file)), "text/html", &page).is_ok()
    })
}
