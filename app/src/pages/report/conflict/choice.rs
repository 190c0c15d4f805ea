//! Two texts for one field: both are shown, both are kept, the person chooses.

use crate::client::reports::Edit;
use crate::pages::report::state::ReportState;
use crate::routes::Page;
use crate::words::{self, boxed, say, use_texts};
use domain::field::{FieldKey, FieldValue, ItemValue};
use domain::sync::local::Shown;
use leptos::prelude::*;

/// The choice, where there is one to make. A choice between themes or languages shows the buttons only.
#[component]
pub fn Choice(
    /// The form.
    state: ReportState,
    /// Which field.
    key: FieldKey,
) -> impl IntoView {
    let i18n = use_texts();
    let both =
        Memo::new(move |_| state.conflicts.with(|all| all.iter().find(|field| field.value.key() == key).cloned()));
    let lang = move || {
        let FieldKey::Item(id, _) = key else { return None };
        let item = state.items.with(|items| items.iter().find(|item| item.id == id).copied());
        item.map(|item| item.language.get().code())
    };
    view! {
        {move || both.get().and_then(|field| field.conflict.map(|both| (both, field.aside))).map(|(both, aside)| {
            let (mine, theirs) = (both.mine.clone(), both.theirs.clone());
            let shown_theirs = theirs.clone();
            let others = aside.clone();
            let choose = Callback::new(move |value: FieldValue| {
                let mine = untrack(|| state.value_of(key)).unwrap_or_else(|| value.clone());
                let shown = Shown { mine, theirs: shown_theirs.clone(), aside: aside.clone() };
                state.act(Edit::Resolve(value, shown));
            });
            let texts = theirs.text().map(str::to_owned);
            let shown = texts.clone();
            let keep_mine = {
                let mine = mine.clone();
                move |_| {
                    choose.run(untrack(|| state.value_of(key)).unwrap_or_else(|| mine.clone()));
                }
            };
            let keep_theirs = {
                let theirs = theirs.clone();
                move |_| choose.run(theirs.clone())
            };
            let keep_both = texts.map(|their_text| move |_| {
                let text = untrack(|| state.value_of(key)).and_then(|value| value.text().map(str::to_owned)).unwrap_or_default();
                // A one-line field has no lines to keep them apart.
                let between = if matches!(mine, FieldValue::Item(_, ItemValue::Text(_))) { "\n\n" } else { " / " };
                choose.run(mine.with_text(format!("{text}{between}{their_text}")));
            });
            view! {
                <div class="conflict" role="group" aria-label=say!(i18n, conflict.title)>
                    <p class="conflict__title">{say!(i18n, conflict.title)}</p>
                    {shown.map(|their_text| view! {
                        <p class="conflict__label">{say!(i18n, conflict.theirs)}</p>
                        <blockquote class="conflict__text" lang=lang>{their_text}</blockquote>
                    })}
                    {others.into_iter().filter_map(|other| other.text().map(str::to_owned)).map(|text| view! {
                        <p class="conflict__label">{say!(i18n, conflict.aside)}</p>
                        <blockquote class="conflict__text" lang=lang>{text}</blockquote>
                    }).collect_view()}
                    <div class="actions">
                        <button type="button" class="button" on:click=keep_mine>{say!(i18n, conflict.keep_mine)}</button>
                        <button type="button" class="button" on:click=keep_theirs>{say!(i18n, conflict.keep_theirs)}</button>
                        {keep_both.map(|keep_both| view! {
                            <button type="button" class="button" on:click=keep_both>{say!(i18n, conflict.keep_both)}</button>
                        })}
                        <a href=boxed(move || format!("{}?field={key}", Page::Conflict.path(words::language(i18n))))>
                            {say!(i18n, conflict.open)}
                        </a>
                    </div>
                </div>
            }
        })}
    }
}
