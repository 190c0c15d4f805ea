//! One section of the form: its guidance, its items, and what was deleted from it.

use super::item::ItemForm;
use super::item_state::ItemState;
use super::state::ReportState;
use crate::client::device;
use crate::components::when::When;
use crate::words::{self, boxed, say, text, use_texts};
use domain::field::{FieldValue, ItemValue};
use domain::limits::REPORT_ITEMS;
use domain::section::Section;
use leptos::prelude::*;

/// The section.
#[component]
pub fn SectionForm(state: ReportState, section: Section) -> impl IntoView {
    let i18n = use_texts();
    let name = section.as_str();
    let items = Memo::new(move |_| state.standing(section));
    let full =
        move || state.items.with(|items| items.iter().filter(|item| !item.deleted.get()).count() >= REPORT_ITEMS);
    let add = move |_| {
        if !untrack(full) {
            let id = untrack(|| state.add_item(section, words::language(i18n)));
            state.client.announcement.set(untrack(|| text!(i18n, item.added).to_owned()));
            device::focus_later(format!("title-{id}"));
        }
    };
    view! {
        <section class="form-section" aria-labelledby=name>
            <div class="form-section__guide">
                <h2 id=name tabindex="-1">
                    <span class="form-section__number">{section.number()}</span>
                    {move || words::section_title(i18n, section)}
                </h2>
                <p>{move || words::section_help(i18n, section)}</p>
            </div>
            <div class="form-section__body">
                <ol class="items">
                    <For each=move || items.get() key=|item| item.id let:item>
                        <ItemForm state item items/>
                    </For>
                </ol>
                <When is=boxed(move || items.with(Vec::is_empty))>
                    <p class="empty">{say!(i18n, section.empty)}</p>
                </When>
                <When is=boxed(full)><p class="hint">{say!(i18n, item.full)}</p></When>
                <button
                    type="button" class="button" id=format!("add-{name}") on:click=add
                    aria-disabled=boxed(move || full().then_some("true"))
                    aria-label=boxed(move || text!(i18n, section.add_to, section = words::section_title(i18n, section)).to_string())
                >
                    <span aria-hidden="true">"+ "</span>{say!(i18n, section.add)}
                </button>
                <Deleted state section/>
            </div>
        </section>
    }
}

/// What was deleted here, and the way back: with no time limit, after a reload too.
#[component]
fn Deleted(state: ReportState, section: Section) -> impl IntoView {
    let i18n = use_texts();
    let deleted = Memo::new(move |_| {
        let mut items = state.items.get();
        items.retain(|item| item.section.get() == section && item.deleted.get() && !item.snapshot().is_blank());
        items
    });
    let title = move |item: ItemState| {
        let title = item.title.get();
        if title.trim().is_empty() { text!(i18n, item.untitled).to_owned() } else { title }
    };
    let restore = move |item: ItemState| {
        state.write(FieldValue::Item(item.id, ItemValue::Deleted(false)));
        state.client.announcement.set(untrack(|| text!(i18n, item.restored).to_owned()));
        device::focus_later(format!("title-{}", item.id));
    };
    view! {
        <When is=boxed(move || !deleted.with(Vec::is_empty))>
            <details class="deleted" open>
                <summary>{boxed(move || text!(i18n, item.deleted_items, count = deleted.with(Vec::len)).to_string())}</summary>
                <ul>
                    <For each=move || deleted.get() key=|item| item.id let:item>
                        {view! { <li>
                            <span lang=boxed(move || item.language.get().code())>{move || title(item)}</span>
                            <button
                                type="button" class="button button--quiet" id=format!("undo-{}", item.id)
                                aria-label=boxed(move || text!(i18n, item.restore, title = title(item)).to_string())
                                on:click=move |_| restore(item)
                            >
                                {say!(i18n, item.undo)}
                            </button>
                        </li> }.into_any()}
                    </For>
                </ul>
            </details>
        </When>
    }
}
