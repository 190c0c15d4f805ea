//! Two texts of one field: what both started from, what each changed, marked by word, and the text to keep, which may
//! be one of them, both, or one that is made of them here.

use super::difference::Difference;
use super::value::{about, in_words};
use crate::client::address::use_address;
use crate::client::context::{Client, use_client};
use crate::client::device;
use crate::client::journal::JournalError;
use crate::client::reports::{self, Edit};
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::field::{FieldKey, FieldValue, ItemValue};
use domain::id::ReportId;
use domain::sync::local::Shown;
use domain::sync::merge::combine;
use domain::sync::reconcile::LocalField;
use domain::sync::wire::Conflict;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// A field for which there is something to choose.
#[derive(Debug, Clone, PartialEq)]
struct Choice {
    report: ReportId,
    field: LocalField,
    /// The title of its item.
    title: String,
    /// The language that it is written in.
    lang: Option<&'static str>,
    /// What the person has made of the two so far.
    made: Option<String>,
}

impl Choice {
    fn key(&self) -> FieldKey {
        self.field.value.key()
    }

    /// Both texts in one, to begin with.
    fn both(&self) -> String {
        let mine = self.field.value.text().unwrap_or_default();
        let Some(conflict) = &self.field.conflict else { return mine.to_owned() };
        let base = conflict.base.as_ref().and_then(FieldValue::text).unwrap_or_default();
        let between = if self.has_lines() { "\n\n" } else { " / " };
        combine(base, mine, conflict.theirs.text().unwrap_or_default(), between)
    }

    const fn has_lines(&self) -> bool {
        matches!(self.field.value, FieldValue::Item(_, ItemValue::Text(_)))
    }
}

/// Every choice that waits in the report that is drafted now, in the form's order.
async fn choices(client: Client, report: Option<ReportId>) -> Result<Vec<Choice>, JournalError> {
    let (Some(person), Some(report)) = (client.person(), report) else { return Ok(Vec::new()) };
    let journal = client.journal();
    let local = reports::open(&journal, person, report).await?;
    let made = reports::merges(&journal, person, report).await?;
    let choice = |field: &LocalField| {
        let key = field.value.key();
        let made = made.iter().find(|(of, _)| *of == key).map(|(_, text)| text.clone());
        let (title, lang) = about(&local, key);
        (field.conflict.is_some() || made.is_some()).then(|| Choice { report, field: field.clone(), title, lang, made })
    };
    Ok(local.fields.values().filter_map(choice).collect())
}

/// The page; the address may say which field, else it is the first.
#[component]
pub fn Conflicts() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let address = use_address();
    let found = RwSignal::new(None::<Result<Vec<Choice>, ()>>);
    let kept = RwSignal::new(false);
    Effect::new(move |_| {
        client.journal_changed.track();
        let report = client.current_report();
        spawn_local_scoped_with_cancellation(async move {
            found.set(Some(choices(client, report).await.map_err(drop)));
        });
    });
    let keys = Memo::new(move |_| {
        let keys = |found: &Result<Vec<Choice>, ()>| found.iter().flatten().map(Choice::key).collect::<Vec<_>>();
        found.with(|found| found.as_ref().map(keys))
    });
    let asked = Memo::new(move |_| address.query_value("field").and_then(|field| field.parse::<FieldKey>().ok()));
    let current = Memo::new(move |_| {
        let keys = keys.get().unwrap_or_default();
        asked.get().filter(|key| keys.contains(key)).or_else(|| keys.first().copied())
    });
    view! {
        <div class="sheet">
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.conflict)}</h1>
            <When is=boxed(move || found.with(|found| matches!(found, Some(Err(())))))>
                <p class="alert alert--danger" role="alert">{say!(i18n, rescue.journal)}</p>
            </When>
            <When is=boxed(move || keys.get().is_none())><p role="status">{say!(i18n, loading)}</p></When>
            <When is=boxed(move || kept.get())><p class="ready">{say!(i18n, conflict.kept)}</p></When>
            <When is=boxed(move || keys.get().is_some_and(|keys| keys.is_empty()))><p>{say!(i18n, conflict.none)}</p></When>
            {move || current.get().map(|key| view! {
                <p class="lead">{say!(i18n, conflict.lead)}</p>
                <Others found key/>
                <Choosing found key kept/>
            })}
            <p><a href=boxed(move || Page::Report.path(words::language(i18n)))>{say!(i18n, history.back)}</a></p>
        </div>
    }
}

type Found = RwSignal<Option<Result<Vec<Choice>, ()>>>;

/// The other fields that wait for a choice.
#[component]
fn Others(found: Found, key: FieldKey) -> impl IntoView {
    let i18n = use_texts();
    let all = Memo::new(move |_| {
        let name = |choice: &Choice| (choice.key(), choice.title.clone());
        found.with(|found| found.iter().flatten().flatten().map(name).collect::<Vec<_>>())
    });
    view! {
        <When is=boxed(move || all.with(|all| all.len() > 1))>
            <nav class="actions" aria-label=say!(i18n, conflict.which)>
                {move || all.get().into_iter().map(|(of, title)| {
                    let href = move || format!("{}?field={of}", Page::Conflict.path(words::language(i18n)));
                    view! { <a href=href aria-current=(of == key).then_some("true")>{move || words::name_of(i18n, of, &title)}</a> }
                }).collect_view()}
            </nav>
        </When>
    }
}

/// One field: its texts, and what can be done.
#[component]
fn Choosing(found: Found, key: FieldKey, kept: RwSignal<bool>) -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let choice = Memo::new(move |_| {
        found.with(|found| found.iter().flatten().flatten().find(|choice| choice.key() == key).cloned())
    });
    let choose = Callback::new(move |value: FieldValue| {
        let Some(choice) = choice.get_untracked() else { return };
        leptos::task::spawn_local(async move {
            let saved = keep(client, &choice, value).await;
            if saved {
                let _ = kept.try_set(true);
            }
            let words = untrack(|| if saved { text!(i18n, conflict.kept) } else { text!(i18n, rescue.journal) });
            client.announcement.set(words.to_owned());
            device::focus_later("page-title".to_owned());
        });
    });
    let texts = Memo::new(move |_| choice.get().map(|choice| Choice { made: None, ..choice }));
    let name = move || choice.with(|choice| choice.as_ref().map(|choice| words::name_of(i18n, key, &choice.title)));
    view! {
        <h2>{name}</h2>
        {move || texts.get().and_then(|choice| choice.field.conflict.clone().map(|both| (choice, both))).map(|(choice, both)| {
            view! { <Sides choice both choose/> }
        })}
        {choice.get_untracked().filter(|choice| choice.field.value.text().is_some()).map(|first| {
            view! { <Made first choice choose/> }
        })}
    }
}

/// Keeps what was chosen: the journal has it, the outbox sends it.
async fn keep(client: Client, choice: &Choice, value: FieldValue) -> bool {
    let Some(person) = client.person() else { return false };
    let journal = client.journal();
    let edit = match &choice.field.conflict {
        Some(both) => Edit::Resolve(
            value,
            Shown { mine: choice.field.value.clone(), theirs: both.theirs.clone(), aside: choice.field.aside.clone() },
        ),
        None => Edit::Write(value, Some(choice.field.value.clone())),
    };
    if reports::save(&journal, person, choice.report, &[edit]).await.is_err() {
        return false;
    }
    // What was made of the two is in the report now, or was not what the person wanted.
    let _ = reports::keep_merge(&journal, person, choice.report, choice.key(), None).await;
    client.journal_was_changed();
    client.wake();
    true
}

/// What both started from, and what each made of it.
#[component]
fn Sides(choice: Choice, both: Conflict, choose: Callback<FieldValue>) -> impl IntoView {
    let i18n = use_texts();
    let lang = choice.lang;
    let mine = choice.field.value.clone();
    let prose = mine.text().is_some();
    let words_of = |value: &FieldValue| value.text().unwrap_or_default().to_owned();
    let base = both.base.as_ref().map(words_of);
    let unknown = prose && base.is_none();
    // Without a common start, the other text is compared with mine.
    let start = base.clone().unwrap_or_else(|| words_of(&mine));
    let side = move |value: FieldValue, label: fn(Texts) -> &'static str, button: fn(Texts) -> &'static str| {
        let shown = value.clone();
        let start = start.clone();
        view! {
            <section class="side">
                <h3>{move || label(i18n)}</h3>
                {if prose {
                    view! { <Difference old=start new=words_of(&shown) lang/> }.into_any()
                } else {
                    view! { <p>{move || in_words(i18n, &shown)}</p> }.into_any()
                }}
                <button type="button" class="button" on:click=move |_| choose.run(value.clone())>{move || button(i18n)}</button>
            </section>
        }
    };
    let aside = choice.field.aside.clone();
    let asides = {
        let side = side.clone();
        aside
            .into_iter()
            .map(move |value| side(value, |i18n| text!(i18n, conflict.aside), |i18n| text!(i18n, conflict.use_aside)))
    };
    view! {
        {base.map(|base| {
            let none = base.trim().is_empty();
            view! {
                <section class="side side--base">
                    <h3>{say!(i18n, conflict.base)}</h3>
                    <p class="difference" lang=lang>{base}</p>
                    <When is=boxed(move || none)><p class="hint">{say!(i18n, conflict.empty)}</p></When>
                </section>
            }
        })}
        <When is=boxed(move || unknown)><p class="hint">{say!(i18n, conflict.no_base)}</p></When>
        <When is=boxed(move || prose)><p class="hint">{say!(i18n, conflict.marks)}</p></When>
        <div class="sides">
            {side(mine, |i18n| text!(i18n, conflict.mine), |i18n| text!(i18n, conflict.keep_mine))}
            {side(both.theirs, |i18n| text!(i18n, conflict.theirs), |i18n| text!(i18n, conflict.keep_theirs))}
            {asides.collect_view()}
        </div>
    }
}

/// One text made of the two: edited here, kept on the device as it is typed.
#[component]
fn Made(first: Choice, choice: Memo<Option<Choice>>, choose: Callback<FieldValue>) -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let (report, key, lang) = (first.report, first.key(), first.lang);
    let made = RwSignal::new(first.made.clone().unwrap_or_else(|| first.both()));
    let failed = RwSignal::new(false);
    let decided = move || choice.with(|choice| choice.as_ref().is_some_and(|choice| choice.field.conflict.is_none()));
    let value = {
        let of = first.field.value.clone();
        Memo::new(move |_| of.with_text(made.get()))
    };
    let problem = Memo::new(move |_| words::problem(i18n, &value.get()));
    let has_lines = first.has_lines();
    let write = Callback::new(move |text: String| {
        let text = if has_lines { text } else { text.replace(['\r', '\n'], " ") };
        made.set(text.clone());
        leptos::task::spawn_local(async move {
            let Some(person) = client.person() else { return };
            let kept = reports::keep_merge(&client.journal(), person, report, key, Some(&text)).await;
            let _ = failed.try_set(kept.is_err());
        });
    });
    let keep = move |_| {
        if problem.with_untracked(Option::is_none) {
            choose.run(value.get_untracked());
        } else {
            device::focus_later("made".to_owned());
        }
    };
    let start_again = move |_| {
        if let Some(choice) = choice.get_untracked() {
            write.run(choice.both());
            device::focus_later("made".to_owned());
        }
    };
    let let_go = move |_| {
        if let Some(choice) = choice.get_untracked() {
            choose.run(choice.field.value);
        }
    };
    let rows = if has_lines { 8 } else { 2 };
    view! {
        <section class="side side--made">
            <div class="field" class:field--wrong=boxed(move || problem.with(Option::is_some))>
                <label for="made">{say!(i18n, conflict.made)}</label>
                <p class="hint" id="made-hint">
                    {boxed(move || if decided() { text!(i18n, conflict.begun) } else { text!(i18n, conflict.made_hint) })}
                </p>
                <textarea
                    id="made" rows=rows lang=lang spellcheck="true" aria-describedby="made-hint made-problem"
                    aria-invalid=boxed(move || problem.with(Option::is_some).then_some("true"))
                    prop:value=made
                    on:input=move |event| write.run(event_target_value(&event))
                ></textarea>
                <p class="field__error" id="made-problem">{move || problem.get()}</p>
            </div>
            <When is=boxed(move || failed.get())><p class="alert alert--danger" role="alert">{say!(i18n, rescue.journal)}</p></When>
            <div class="actions">
                <button type="button" class="button button--primary" on:click=keep>{say!(i18n, conflict.keep_made)}</button>
                <When
                    is=boxed(decided)
                    otherwise=move || view! {
                        <button type="button" class="button button--quiet" on:click=start_again>{say!(i18n, conflict.start_again)}</button>
                    }
                >
                    <button type="button" class="button button--quiet" on:click=let_go>{say!(i18n, conflict.let_go)}</button>
                </When>
            </div>
        </section>
    }
}
