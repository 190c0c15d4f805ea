//! Putting the report before the council: what is still missing, the act, its receipt, and the way back.

use super::caret::element_of;
use super::facts::lacking;
use super::rescue;
use super::state::ReportState;
use crate::client::reports::Edit;
use crate::client::{device, format, local};
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::field::FieldKey;
use domain::report::Missing;
use domain::sync::op::KnownChange;
use leptos::prelude::*;

/// Something to do before submitting, and the id of the field where it is done.
type Todo = (String, String);

fn todo(i18n: Texts, state: ReportState, missing: &Missing) -> Todo {
    match missing {
        Missing::ContactName => ("contact-name".to_owned(), text!(i18n, submit.missing_name).to_owned()),
        Missing::ContactWay => ("contact-email".to_owned(), text!(i18n, submit.missing_way).to_owned()),
        Missing::ContactEmail => ("contact-email".to_owned(), text!(i18n, submit.missing_email).to_owned()),
        Missing::Items => ("add-achievements".to_owned(), text!(i18n, submit.missing_items).to_owned()),
        Missing::Title { item } => {
            let text = state
                .items
                .with(|items| items.iter().find(|i| i.id == *item).map(|i| i.text.get()))
                .unwrap_or_default();
            let start: String = text.split_whitespace().take(6).collect::<Vec<_>>().join(" ");
            (format!("title-{item}"), text!(i18n, submit.missing_title, start = start).to_string())
        }
    }
}

/// The panel at the end of the form.
#[component]
pub fn Submission(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let lacking = lacking(state);
    let todos = Memo::new(move |_| {
        let mut todos: Vec<Todo> = lacking.get().iter().map(|missing| todo(i18n, state, missing)).collect();
        let name = |key: FieldKey| words::name_of(i18n, key, &state.title_of(key));
        for key in state.conflicts.get().iter().map(|field| field.value.key()) {
            todos.push((element_of(key), text!(i18n, submit.missing_conflict, field = name(key)).to_string()));
        }
        for key in state.held.get() {
            todos.push((element_of(key), text!(i18n, submit.missing_held, field = name(key)).to_string()));
        }
        todos
    });
    let submitted = Memo::new(move |_| state.queue.with(|queue| queue.submission.is_some()));
    let unchanged = Memo::new(move |_| {
        let unchanged = state.queue.with(|queue| match queue.submitting {
            Some(pending) => !pending.changed,
            None => queue.submission.is_some() && !queue.changed,
        });
        unchanged && !state.unsaved.get()
    });
    let submit = move |_| {
        if unchanged.get_untracked() {
            return;
        }
        if todos.with_untracked(Vec::is_empty) {
            state.act(Edit::Change(KnownChange::Submit {}));
        } else {
            device::focus_later("missing".to_owned());
        }
    };
    view! {
        <section class="form-section submission" aria-labelledby="submission">
            <div class="form-section__guide">
                <h2 id="submission" tabindex="-1">{say!(i18n, submit.title)}</h2>
                <Standing state/>
            </div>
            <div class="form-section__body">
                <When is=boxed(move || !todos.with(Vec::is_empty)) otherwise=move || view! { <p class="ready">{say!(i18n, submit.ready)}</p> }>
                    <div class="summary" id="missing" tabindex="-1" aria-labelledby="missing-title">
                        <h3 id="missing-title">{say!(i18n, submit.missing)}</h3>
                        <ul>{move || todos.get().into_iter().map(|(target, text)| {
                            let href = format!("#{target}");
                            view! { <li><a href=href on:click=move |event| {
                                event.prevent_default();
                                event.stop_propagation();
                                device::focus_later(target.clone());
                            }>{text}</a></li> }
                            .into_any()
                        }).collect_view()}</ul>
                    </div>
                </When>
                <div class="actions">
                    <button
                        type="button" class="button button--primary" id="submit" on:click=submit
                        aria-disabled=boxed(move || unchanged.get().then_some("true"))
                    >
                        {move || if submitted.get() { text!(i18n, submit.again) } else { text!(i18n, submit.submit) }}
                    </button>
                    <When is=boxed(move || submitted.get())><Withdraw state/></When>
                </div>
                <When is=boxed(move || unchanged.get() && state.queue.with(|queue| queue.submitting.is_none()))><p class="hint">{say!(i18n, submit.unchanged)}</p></When>
                <Storage state/>
            </div>
        </section>
    }
}

/// What the council has of the report.
#[component]
fn Standing(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let queue = state.queue;
    let take_back = move |_| {
        state.act(Edit::TakeBack);
        device::focus_later("submit".to_owned());
    };
    view! {
        <When is=boxed(move || queue.with(|queue| queue.facts.submission_gone))>
            <p class="alert alert--warning" role="alert">{say!(i18n, submit.gone)}</p>
        </When>
        {move || match queue.with(|queue| queue.submission.clone()) {
            None if queue.with(|queue| queue.submitting.is_some()) => ().into_any(),
            None => view! { <p>{say!(i18n, submit.not_yet)}</p> }.into_any(),
            Some(receipt) => {
                let text = boxed(move || text!(
                    i18n, submit.submitted,
                    date = format::date(receipt.at, words::language(i18n)), time = format::time(receipt.at, words::language(i18n)),
                    items = receipt.items, seq = receipt.seq, hash = receipt.hash.short().to_owned()
                ).to_string());
                view! {
                    <p class="receipt">{text}</p>
                    <p><a href=boxed(move || Page::CouncilCopy.path(words::language(i18n)))>{say!(i18n, council_copy.open)}</a></p>
                }.into_any()
            }
        }}
        <When is=boxed(move || queue.with(|queue| queue.submitting.is_some()))>
            <div class="alert" id="submitting">
                <p>{say!(i18n, submit.queued)}</p>
                <When is=boxed(move || queue.with(|queue| queue.submitting.is_some_and(|pending| !pending.sent)))>
                    <button type="button" class="button button--quiet" on:click=take_back>{say!(i18n, submit.take_back)}</button>
                </When>
            </div>
        </When>
        <When is=boxed(move || queue.with(|queue| queue.submission.is_some() && queue.changed && queue.submitting.is_none()))>
            <p class="alert alert--warning">{say!(i18n, submit.changed)}</p>
        </When>
    }
}

#[component]
fn Withdraw(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let asking = RwSignal::new(false);
    let ask = move |_| {
        asking.set(true);
        device::focus_later("keep-submitted".to_owned());
    };
    let withdraw = move |_| {
        asking.set(false);
        state.act(Edit::Change(KnownChange::Withdraw {}));
        device::focus_later("submit".to_owned());
    };
    view! {
        <When
            is=boxed(move || asking.get())
            otherwise=move || view! {
                <button type="button" class="button button--quiet button--danger" on:click=ask>{say!(i18n, submit.withdraw)}</button>
            }
        >
            <div class="confirm" role="group" aria-labelledby="withdraw-question">
                <p id="withdraw-question">{say!(i18n, submit.withdraw_question)}</p>
                <button type="button" class="button" id="keep-submitted" on:click=move |_| asking.set(false)>{say!(i18n, submit.cancel)}</button>
                <button type="button" class="button button--danger" on:click=withdraw>{say!(i18n, submit.withdraw_confirm)}</button>
            </div>
        </When>
    }
}

/// What the browser has promised about the drafts.
#[component]
fn Storage(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let save = move |_| {
        rescue::save(i18n, state.client, state.report, rescue::fields_of(state));
    };
    view! {
        <p class="hint">
            {move || if local::shared() {
                text!(i18n, storage.shared)
            } else if state.client.persisted.get() == Some(true) {
                text!(i18n, storage.persisted)
            } else {
                text!(i18n, storage.not_persisted)
            }}
        </p>
        <div class="actions">
            <button type="button" class="button button--quiet" id="save-rescue" on:click=save>{say!(i18n, rescue.save)}</button>
            <a href=boxed(move || Page::Rescue.path(words::language(i18n)))>{say!(i18n, rescue.open)}</a>
        </div>
    }
}
