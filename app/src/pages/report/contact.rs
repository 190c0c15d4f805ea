//! The contact person.

use super::conflict::ConflictChoice;
use super::state::ReportState;
use crate::components::text_field::TextField;
use crate::words::{self, say, text, use_texts};
use domain::field::{ContactField, ContactValue, FieldKey, FieldValue};
use leptos::prelude::*;

/// Name, address, telephone.
#[component]
pub fn ContactForm(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let write = move |make: fn(String) -> ContactValue| {
        Callback::new(move |text: String| state.write(FieldValue::Contact(make(text))))
    };
    let wrong = move |signal: RwSignal<String>, make: fn(String) -> ContactValue| {
        Signal::derive(move || words::problem(i18n, &FieldValue::Contact(make(signal.get()))))
    };
    // While an address is being typed it is not one yet.
    let typing = RwSignal::new(false);
    let on_email = Callback::new(move |text: String| {
        typing.set(true);
        state.write(FieldValue::Contact(ContactValue::Email(text)));
    });
    let wrong_email = Signal::derive(move || {
        wrong(state.contact_email, ContactValue::Email).get().or_else(|| {
            let sane = typing.get() || state.contact().has_sane_email();
            (!sane).then(|| text!(i18n, contact.not_an_email).to_owned())
        })
    });
    view! {
        <section class="form-section" aria-labelledby="contact">
            <div class="form-section__guide">
                <h2 id="contact" tabindex="-1">{say!(i18n, contact.title)}</h2>
                <p>{say!(i18n, contact.help)}</p>
            </div>
            <div class="form-section__body fields" on:focusout=move |_| typing.set(false)>
                <TextField id="contact-name" autocomplete="name" value=state.contact_name
                    label=Signal::derive(move || text!(i18n, contact.name).to_owned())
                    on_input=write(ContactValue::Name) error=wrong(state.contact_name, ContactValue::Name)/>
                <ConflictChoice state key=FieldKey::Contact(ContactField::Name)/>
                <TextField id="contact-email" kind="email" autocomplete="email" value=state.contact_email
                    label=Signal::derive(move || text!(i18n, contact.email).to_owned())
                    on_input=on_email error=wrong_email/>
                <ConflictChoice state key=FieldKey::Contact(ContactField::Email)/>
                <TextField id="contact-phone" kind="tel" autocomplete="tel" value=state.contact_phone
                    label=Signal::derive(move || text!(i18n, contact.phone).to_owned())
                    on_input=write(ContactValue::Phone) error=wrong(state.contact_phone, ContactValue::Phone)/>
                <ConflictChoice state key=FieldKey::Contact(ContactField::Phone)/>
            </div>
        </section>
    }
}
