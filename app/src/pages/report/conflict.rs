//! Two texts for one field: both are shown, both are kept, the person chooses.

use super::state::ReportState;
use crate::client::reports::Edit;
use crate::words::{say, use_texts};
use domain::field::{ContactValue, FieldKey, FieldValue, ItemValue};
use leptos::prelude::*;

/// The same field with another text.
fn with_text(like: &FieldValue, text: String) -> FieldValue {
    match like {
        FieldValue::Contact(ContactValue::Name(_)) => FieldValue::Contact(ContactValue::Name(text)),
        FieldValue::Contact(ContactValue::Email(_)) => FieldValue::Contact(ContactValue::Email(text)),
        FieldValue::Contact(ContactValue::Phone(_)) => FieldValue::Contact(ContactValue::Phone(text)),
        FieldValue::Item(id, ItemValue::Title(_)) => FieldValue::Item(*id, ItemValue::Title(text)),
        FieldValue::Item(id, ItemValue::Text(_)) => FieldValue::Item(*id, ItemValue::Text(text)),
        FieldValue::Item(..) => like.clone(),
    }
}

/// The choice, where there is one to make. A choice between themes or languages shows the buttons only.
#[component]
pub fn ConflictChoice(state: ReportState, key: FieldKey) -> impl IntoView {
    let i18n = use_texts();
    let both = Memo::new(move |_| {
        state.conflicts.with(|all| all.iter().find(|(of, _)| *of == key).map(|(_, conflict)| conflict.clone()))
    });
    let choose = move |value: FieldValue| state.act(Edit::Resolve(value));
    view! {
        {move || both.get().map(|both| {
            let (mine, theirs) = (both.mine.clone(), both.theirs.clone());
            let texts = theirs.text().map(str::to_owned);
            let shown = texts.clone();
            let keep_mine = {
                let mine = mine.clone();
                move |_| {
                    let text = untrack(|| state.text_of(key));
                    choose(if mine.text().is_some() { with_text(&mine, text) } else { mine.clone() });
                }
            };
            let keep_theirs = {
                let theirs = theirs.clone();
                move |_| choose(theirs.clone())
            };
            let keep_both = texts.map(|their_text| move |_| {
                let text = untrack(|| state.text_of(key));
                // A one-line field has no lines to keep them apart.
                    let between = if matches!(mine, FieldValue::Item(_, ItemValue::Text(_))) { "\n\n" } else { " / " };
                    choose(with_text(&mine, format!("{text}{between}{their_text}")));
            });
            view! {
                <div class="conflict" role="group" aria-label=say!(i18n, conflict.title)>
                    <p class="conflict__title">{say!(i18n, conflict.title)}</p>
                    {shown.map(|their_text| view! {
                        <p class="conflict__label">{say!(i18n, conflict.theirs)}</p>
                        <blockquote class="conflict__text">{their_text}</blockquote>
                    })}
                    <div class="actions">
                        <button type="button" class="button" on:click=keep_mine>{say!(i18n, conflict.keep_mine)}</button>
                        <button type="button" class="button" on:click=keep_theirs>{say!(i18n, conflict.keep_theirs)}</button>
                        {keep_both.map(|keep_both| view! {
                            <button type="button" class="button" on:click=keep_both>{say!(i18n, conflict.keep_both)}</button>
                        })}
                    </div>
                </div>
            }
        })}
    }
}
