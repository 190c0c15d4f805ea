//! The choices that narrow what is shown. The same list makes the boxes, and the marks of what is chosen.

use super::state::{BoardState, Table};
use crate::components::when::When;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::board::filter::Filter;
use domain::board::index::names;
use domain::language::Language;
use domain::member::MemberKind;
use domain::section::Section;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Whether something is chosen.
type Is = Box<dyn Fn(&Filter) -> bool + Send + Sync>;
/// Chooses what was not chosen, and the other way.
type Flip = Box<dyn Fn(&mut Filter) + Send + Sync>;

/// A thing that can be chosen.
struct Choice {
    label: String,
    is: Is,
    flip: Flip,
}

impl Choice {
    fn new(label: String, (is, flip): (Is, Flip)) -> Self {
        Self { label, is, flip }
    }
}

/// A value of one of the filter's sets.
macro_rules! flip {
    ($set:ident, $value:expr) => {{
        let (there, value) = ($value.clone(), $value);
        let is: Is = Box::new(move |filter: &Filter| filter.$set.contains(&there));
        let flip: Flip = Box::new(move |filter: &mut Filter| {
            if !filter.$set.remove(&value) {
                filter.$set.insert(value.clone());
            }
        });
        (is, flip)
    }};
}

fn sections(i18n: Texts) -> Vec<Choice> {
    let one = |section: Section| Choice::new(words::section_title(i18n, section).to_owned(), flip!(sections, section));
    Section::ALL.into_iter().map(one).collect()
}

fn themes(i18n: Texts, table: &Table) -> Vec<Choice> {
    let language = words::language(i18n);
    let known = table.themes.iter().map(|theme| (theme.name.get(language).to_owned(), Some(theme.id.clone())));
    let none = [(text!(i18n, board.none).to_owned(), None)];
    known.chain(none).map(|(label, theme)| Choice::new(label, flip!(themes, theme))).collect()
}

/// The name of a kind of member.
fn kind_name(i18n: Texts, kind: MemberKind) -> &'static str {
    match kind {
        MemberKind::Federal => text!(i18n, board.kind_federal),
        MemberKind::Provincial => text!(i18n, board.kind_provincial),
        MemberKind::Territorial => text!(i18n, board.kind_territorial),
        MemberKind::Umbrella => text!(i18n, board.kind_umbrella),
        MemberKind::Municipal => text!(i18n, board.kind_municipal),
    }
}

fn kinds(i18n: Texts, table: &Table) -> Vec<Choice> {
    let mut kinds: Vec<MemberKind> = table.tour.iter().map(|member| member.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().map(|kind| Choice::new(kind_name(i18n, kind).to_owned(), flip!(kinds, kind))).collect()
}

/// Each by the name of the government that sits at the table for it.
fn provinces(i18n: Texts, table: &Table) -> Vec<Choice> {
    let mut names = BTreeMap::<String, Option<&str>>::new();
    for member in &table.tour {
        let Some(code) = &member.province else { continue };
        let name = names.entry(code.clone()).or_default();
        if matches!(member.kind, MemberKind::Provincial | MemberKind::Territorial) {
            *name = Some(member.short.get(words::language(i18n)));
        }
    }
    let one =
        |(code, name): (String, Option<&str>)| Choice::new(name.unwrap_or(&code).to_owned(), flip!(provinces, code));
    names.into_iter().map(one).collect()
}

fn members(i18n: Texts, table: &Table) -> Vec<Choice> {
    let language = words::language(i18n);
    let one =
        |member: &domain::member::Member| Choice::new(member.short.get(language).to_owned(), flip!(members, member.id));
    table.tour.iter().map(one).collect()
}

fn languages(i18n: Texts) -> Vec<Choice> {
    let one = |language: Language| {
        let label = match language {
            Language::En => text!(i18n, item.english),
            Language::Fr => text!(i18n, item.french),
        };
        let is = move |filter: &Filter| filter.language == Some(language);
        let flip = move |filter: &mut Filter| {
            filter.language = (filter.language != Some(language)).then_some(language);
        };
        Choice::new(label.to_owned(), (Box::new(is), Box::new(flip)))
    };
    Language::ALL.into_iter().map(one).collect()
}

fn new(i18n: Texts) -> Vec<Choice> {
    let flip = |filter: &mut Filter| filter.new = !filter.new;
    vec![Choice::new(text!(i18n, board.only_new).to_owned(), (Box::new(|filter: &Filter| filter.new), Box::new(flip)))]
}

/// The name of a group of choices.
fn name_of(i18n: Texts, group: usize) -> &'static str {
    match group {
        0 => text!(i18n, board.filter),
        1 => text!(i18n, board.themes),
        2 => text!(i18n, board.kinds),
        3 => text!(i18n, board.provinces),
        4 => text!(i18n, board.members),
        5 => text!(i18n, board.languages),
        _ => text!(i18n, board.news),
    }
}

/// How many groups there are; the first stands open, the others behind one button.
const GROUPS: usize = 7;
/// The group that is too long to be read through: its names can be looked up.
const MEMBERS: usize = 4;

fn group(i18n: Texts, table: &Table, group: usize) -> Vec<Choice> {
    match group {
        0 => sections(i18n),
        1 => themes(i18n, table),
        2 => kinds(i18n, table),
        3 => provinces(i18n, table),
        4 => members(i18n, table),
        5 => languages(i18n),
        _ => new(i18n),
    }
}

/// One group as boxes to tick.
fn boxes(state: BoardState, number: usize) -> AnyView {
    let i18n = use_texts();
    let tick = move |choice: Choice| {
        let Choice { label, is, flip } = choice;
        view! {
            <label class="chip">
                <input type="checkbox"
                    prop:checked=boxed(move || is(&state.place.get().filter))
                    on:change=move |_| state.go(|place| flip(&mut place.filter))/>
                <span>{label}</span>
            </label>
        }
        .into_any()
    };
    let find = RwSignal::new(String::new());
    let shown = move || {
        let choices = group(i18n, &state.table.get(), number).into_iter();
        let found = find.with(|find| {
            choices.filter(|choice| find.trim().is_empty() || names(&choice.label, find)).collect::<Vec<_>>()
        });
        if found.is_empty() {
            return view! { <p class="hint" role="status">{text!(i18n, board.no_member).to_owned()}</p> }.into_any();
        }
        found.into_iter().map(tick).collect_view().into_any()
    };
    view! {
        <fieldset class="chips" class:chips--long=number == MEMBERS>
            <legend>{boxed(move || name_of(i18n, number))}</legend>
            <When is=boxed(move || number == MEMBERS)>
                <label class="search">
                    <span>{say!(i18n, board.find_member)}</span>
                    <input type="search" autocomplete="off" on:input:target=move |event| find.set(event.target().value())/>
                </label>
            </When>
            <div class="chips__list">{shown}</div>
        </fieldset>
    }
    .into_any()
}

/// All groups: the sections in sight, the rest behind a button that says how many of them are chosen.
#[component]
pub fn Filters(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let behind = Memo::new(move |_| {
        let filter = &state.place.get().filter;
        filter.choices() - filter.sections.len() - usize::from(!filter.text.trim().is_empty())
    });
    let name = move || match behind.get() {
        0 => text!(i18n, board.more_filters).to_owned(),
        n => text!(i18n, board.more_filters_chosen, n).to_string(),
    };
    let open = RwSignal::new(false);
    view! {
        <button type="button" class="button filters__toggle" aria-expanded=boxed(move || open.get().to_string())
            on:click=move |_| open.update(|open| *open = !*open)>{name}</button>
        {boxes(state, 0)}
        <When is=boxed(move || open.get())>
            <div class="filters__body">{(1..GROUPS).map(|number| boxes(state, number)).collect_view()}</div>
        </When>
    }
}

/// What is chosen, each with a way to take it back; how much of the board that leaves; and one way to take back all.
#[component]
pub fn Chosen(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let any = Memo::new(move |_| !state.place.get().filter.is_empty() || !state.text.with(String::is_empty));
    let matching = move || {
        let all = state.with_board(|board| board.cards.len()).unwrap_or_default();
        let n = state.selection.get().items.len();
        if words::language(i18n).is_one(n) {
            text!(i18n, board.matching_one, n, all).to_string()
        } else {
            text!(i18n, board.matching, n, all).to_string()
        }
    };
    let marks = move || {
        let (filter, table) = (state.place.get().filter.clone(), state.table.get());
        let chosen = (0..GROUPS).flat_map(|number| group(i18n, &table, number)).filter(|choice| (choice.is)(&filter));
        let mark = |Choice { label, flip, .. }: Choice| {
            let name = text!(i18n, board.take_back, label = label.clone()).to_string();
            view! {
                <button type="button" class="mark-off" aria-label=name on:click=move |_| state.go(|place| flip(&mut place.filter))>
                    {label} <span aria-hidden="true">"×"</span>
                </button>
            }
            .into_any()
        };
        chosen.map(mark).collect_view()
    };
    let clear = move |_| {
        state.rest().seek.type_in(String::new());
        state.go(|place| place.filter = Filter::default());
        crate::client::device::focus_later("search".to_owned());
    };
    view! {
        <When is=boxed(move || any.get())>
            <div class="chosen">
                <p class="chosen__count" id="chosen-count" tabindex="-1" role="status">{matching}</p>
                {marks}
                <button type="button" class="button button--quiet" on:click=clear>{say!(i18n, board.clear)}</button>
            </div>
        </When>
    }
}
