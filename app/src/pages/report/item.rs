//! One item: title, text, themes and language, with its place among the others.

use super::conflict::ConflictChoice;
use super::item_state::ItemState;
use super::reorder::{capture, drag_over, move_to};
use super::state::ReportState;
use crate::client::device;
use crate::components::text_field::TextField;
use crate::routes::Page;
use crate::words::{self, boxed, say, text, use_texts};
use domain::field::{FieldKey, FieldValue, ItemField, ItemValue};
use domain::language::Language;
use domain::limits::{ITEM_TEXT_CHARS, ITEM_THEMES};
use domain::report::word_count;
use domain::theme::{Theme, ThemeId, ThemeState};
use leptos::prelude::*;

/// The item's form.
#[component]
pub fn ItemForm(state: ReportState, item: ItemState, items: Memo<Vec<ItemState>>) -> impl IntoView {
    let i18n = use_texts();
    let id = item.id;
    let n = Memo::new(move |_| items.with(|items| items.iter().position(|other| other.id == id)).unwrap_or_default());
    let language = Signal::derive(move || Some(item.language.get().code()));
    let title_error =
        Signal::derive(move || words::problem(i18n, &FieldValue::Item(id, ItemValue::Title(item.title.get()))));
    view! {
        <li class="item" data-item=id.to_string()>
            <fieldset>
                <legend>{boxed(move || text!(i18n, item.label, n = n.get() + 1).to_string())}</legend>
                <Tools state item items n/>
                <TextField id=format!("title-{id}") value=item.title lang=language error=title_error
                    label=Signal::derive(move || text!(i18n, item.title).to_owned())
                    on_input=Callback::new(move |text| state.write(FieldValue::Item(id, ItemValue::Title(text))))/>
                <ConflictChoice state key=FieldKey::Item(id, ItemField::Title)/>
                <Text state item/>
                <ConflictChoice state key=FieldKey::Item(id, ItemField::Text)/>
                <div class="item__choices">
                    <Themes state item/>
                    <Languages state item/>
                </div>
                <ConflictChoice state key=FieldKey::Item(id, ItemField::Themes)/>
                <ConflictChoice state key=FieldKey::Item(id, ItemField::Language)/>
            </fieldset>
        </li>
    }
    .into_any()
}

#[component]
fn Tools(state: ReportState, item: ItemState, items: Memo<Vec<ItemState>>, n: Memo<usize>) -> impl IntoView {
    let i18n = use_texts();
    let held = RwSignal::new(false);
    let id = item.id;
    let step = move |to: Option<usize>, button: &'static str| {
        if let Some(to) = to.filter(|to| *to < items.with_untracked(Vec::len)) {
            move_to(state, i18n, &items.get_untracked(), item, to);
            device::focus_later(format!("{button}-{id}"));
        }
    };
    let delete = move |_| {
        let blank = untrack(|| item.snapshot().is_blank());
        let title = item.title.get_untracked();
        state.write(FieldValue::Item(id, ItemValue::Deleted(true)));
        let add = format!("add-{}", item.section.get_untracked().as_str());
        device::focus_later(if blank { add } else { format!("undo-{id}") });
        state.client.announcement.set(untrack(|| text!(i18n, item.deleted, title = title).to_string()));
    };
    view! {
        <div class="item__tools">
            <span
                class="handle" class:handle--held=held aria-hidden="true" title=say!(i18n, item.drag)
                on:pointerdown=move |event| { held.set(true); capture(&event, true); }
                on:pointermove=move |event| if held.get_untracked() {
                    drag_over(state, i18n, &items.get_untracked(), item, &event);
                }
                on:pointerup=move |event| { held.set(false); capture(&event, false); }
                on:pointercancel=move |_| held.set(false)
            ></span>
            <button type="button" class="button button--quiet" id=format!("up-{id}")
                aria-disabled=boxed(move || (n.get() == 0).then_some("true"))
                on:click=move |_| step(n.get_untracked().checked_sub(1), "up")>
                {say!(i18n, item.move_up)}
            </button>
            <button type="button" class="button button--quiet" id=format!("down-{id}")
                aria-disabled=boxed(move || (n.get() + 1 == items.with(Vec::len)).then_some("true"))
                on:click=move |_| step(Some(n.get_untracked() + 1), "down")>
                {say!(i18n, item.move_down)}
            </button>
            <button type="button" class="button button--quiet button--danger" on:click=delete>{say!(i18n, item.delete)}</button>
        </div>
    }
}

#[component]
fn Text(state: ReportState, item: ItemState) -> impl IntoView {
    let i18n = use_texts();
    let id = item.id;
    let error = Memo::new(move |_| words::problem(i18n, &FieldValue::Item(id, ItemValue::Text(item.text.get()))));
    let count = move || {
        item.text.with(|text| {
            let (language, words) = (words::language(i18n), word_count(text));
            let counted = if language.is_one(words) {
                text!(i18n, item.word, n = words).to_string()
            } else {
                text!(i18n, item.words, n = language.number(words)).to_string()
            };
            let (chars, limit) = (language.number(text.chars().count()), language.number(ITEM_TEXT_CHARS));
            text!(i18n, item.length, words = counted, chars = chars, limit = limit).to_string()
        })
    };
    view! {
        <div class="field" class:field--wrong=boxed(move || error.with(Option::is_some))>
            <label for=format!("text-{id}")>{say!(i18n, item.text)}</label>
            <textarea
                id=format!("text-{id}") rows="4" lang=boxed(move || item.language.get().code()) spellcheck="true"
                prop:value=item.text
                aria-describedby=format!("count-{id}")
                aria-invalid=boxed(move || error.with(Option::is_some).then_some("true"))
                on:input=move |event| state.write(FieldValue::Item(id, ItemValue::Text(event_target_value(&event))))
            ></textarea>
            <p class="hint" id=format!("count-{id}")>{count}{move || error.get().map(|text| view! {
                <span class="field__error">" " {text}</span>
            })}
            " " <a href=boxed(move || format!("{}?field=item/{id}/text", Page::History.path(words::language(i18n))))>{say!(i18n, history.open)}</a>
            </p>
        </div>
    }
}

#[component]
fn Themes(state: ReportState, item: ItemState) -> impl IntoView {
    let i18n = use_texts();
    let offered = Memo::new(move |_| {
        let chosen = item.themes.get();
        let offer = |theme: &Theme| theme.state == ThemeState::Active || chosen.contains(&theme.id);
        state.client.council.with(|council| {
            council
                .as_ref()
                .map(|c| c.themes.iter().filter(|theme| offer(theme)).cloned().collect::<Vec<_>>())
                .unwrap_or_default()
        })
    });
    let toggle = move |theme: ThemeId, on: bool| {
        let mut themes = item.themes.get_untracked();
        themes.retain(|chosen| *chosen != theme);
        if on && themes.len() < ITEM_THEMES {
            themes.push(theme);
        }
        state.write(FieldValue::Item(item.id, ItemValue::Themes(themes)));
    };
    view! {
        <fieldset class="chips" id=format!("themes-{}", item.id) tabindex="-1">
            <legend>{say!(i18n, item.themes)}</legend>
            {move || offered.get().into_iter().map(|theme| view! {
                <label class="chip" data-colour=theme.colour.as_str()>
                    {
                        let (of, chosen) = (theme.id.clone(), theme.id.clone());
                        view! { <input type="checkbox"
                            prop:checked=boxed(move || item.themes.with(|themes| themes.contains(&chosen)))
                            on:change=move |event| toggle(of.clone(), event_target_checked(&event))/> }
                    }
                    <span>{move || theme.name.get(words::language(i18n)).to_owned()}</span>
                </label>
            }.into_any()).collect_view()}
        </fieldset>
    }
}

#[component]
fn Languages(state: ReportState, item: ItemState) -> impl IntoView {
    let i18n = use_texts();
    let name = move |language| match language {
        Language::En => text!(i18n, item.english),
        Language::Fr => text!(i18n, item.french),
    };
    view! {
        <fieldset class="chips" id=format!("language-{}", item.id) tabindex="-1">
            <legend>{say!(i18n, item.language)}</legend>
            {Language::ALL.map(|language| view! {
                <label class="chip">
                    <input type="radio" name=format!("language-{}", item.id) value=language.code()
                        prop:checked=boxed(move || item.language.get() == language)
                        on:change=move |_| state.write(FieldValue::Item(item.id, ItemValue::Language(language)))/>
                    <span>{move || name(language)}</span>
                </label>
            })}
        </fieldset>
    }
}
