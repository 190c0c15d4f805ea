//! Items on the wall: a theme's heap, a list from one of its parts on, and an item whole.

use crate::words::{self, Texts, text};
use domain::board::Card;
use domain::id::ItemId;
use domain::language::Language;
use domain::projection::{Heap, Known, parts};
use domain::theme::ThemeId;
use leptos::prelude::*;

/// Items that can stand on a wall at the smallest size; the rest need not be drawn.
const ON_A_WALL: usize = 14;
/// Titles that can stand under a theme's count.
const TITLES: usize = 8;
/// Parts of a text that can stand on a wall at the smallest size.
const PARTS_ON_A_WALL: usize = 30;

/// A mark on a text that is not in the screen's language, in whole words.
pub fn mark(i18n: Texts, of: Language) -> Option<AnyView> {
    let name = match of {
        Language::En => text!(i18n, item.english),
        Language::Fr => text!(i18n, item.french),
    };
    let foreign = of != words::language(i18n);
    foreign.then(|| {
        let text = text!(i18n, projector.written_in, language = name).to_string();
        view! { <span class="wall__mark">{text}</span> }.into_any()
    })
}

/// The line that says how many more there are than are shown; `rest` of them are not drawn. See [`super::fit`].
pub fn more(i18n: Texts, rest: usize) -> AnyView {
    let words = text!(i18n, projector.more, count = "#").to_string();
    view! { <p class="wall__more" hidden data-rest=rest.to_string() data-words=words></p> }.into_any()
}

/// The member's short name.
pub fn member_name(known: &Known, card: &Card, language: Language) -> String {
    known.council.member(card.member).map(|member| member.short.get(language).to_owned()).unwrap_or_default()
}

/// The theme's name and its colour; none: those of the items without one.
pub fn theme_name(i18n: Texts, known: &Known, theme: Option<&ThemeId>) -> (String, &'static str) {
    let language = words::language(i18n);
    match theme.and_then(|theme| known.theme(theme)) {
        Some(theme) => (theme.name.get(language).to_owned(), theme.colour.as_str()),
        None => (text!(i18n, board.none).to_owned(), "slate"),
    }
}

/// Every theme from a part on, with its count and its first titles.
pub fn heaps(i18n: Texts, known: &Known, heaps: &[Heap], part: usize) -> AnyView {
    let heap = |heap: &Heap| {
        let (name, colour) = theme_name(i18n, known, heap.theme.as_ref());
        let titles: Vec<_> = heap
            .items
            .iter()
            .filter_map(|item| known.card(*item))
            .take(TITLES)
            .map(|card| title(i18n, known, card))
            .collect();
        let rest = heap.items.len().saturating_sub(TITLES);
        view! {
            <section class="wall-heap" data-entry data-colour=colour>
                <h2><span class="wall-heap__count">{heap.items.len()}</span>" "<span class="wall-heap__name">{name}</span></h2>
                <div class="wall-fit" data-counted><ul>{titles}</ul>{more(i18n, rest)}</div>
            </section>
        }
    };
    let drawn: Vec<_> = heaps[part.min(heaps.len())..].iter().map(heap).collect();
    let count = drawn.len().to_string();
    view! { <div class="wall-fit"><div class="wall-heaps" style=("--count", count)>{drawn}</div>{more(i18n, 0)}</div> }
        .into_any()
}

fn title(i18n: Texts, known: &Known, card: &Card) -> AnyView {
    let member = member_name(known, card, words::language(i18n));
    view! {
        <li data-entry data-item=card.item.to_string()>
            <p class="wall-heap__member">{member}" "{mark(i18n, card.language)}</p>
            <p class="wall-heap__title" lang=card.language.code()>{card.title.clone()}</p>
        </li>
    }
    .into_any()
}

/// A list of items from a part on: the first whole, as far as it fits, then what follows it.
pub fn list(i18n: Texts, known: &Known, items: &[ItemId], part: usize) -> AnyView {
    if items.is_empty() {
        return view! { <p class="wall__empty">{text!(i18n, projector.empty)}</p> }.into_any();
    }
    let shown = items.iter().skip(part).take(ON_A_WALL).filter_map(|item| known.card(*item));
    let cards: Vec<_> = shown.enumerate().map(|(n, card)| entry(i18n, known, card, n == 0)).collect();
    let rest = items.len().saturating_sub(part + ON_A_WALL);
    view! { <div class="wall-fit"><ol class="wall-list">{cards}</ol>{more(i18n, rest)}</div> }.into_any()
}

fn entry(i18n: Texts, known: &Known, card: &Card, first: bool) -> AnyView {
    view! {
        <li class="wall-card" class:wall-card--first=first data-entry data-item=card.item.to_string()>
            {over(i18n, known, card)}
            <h2 data-lines lang=card.language.code()>{card.title.clone()}</h2>
            <p class="wall-card__text" data-lines lang=card.language.code()>{card.text.clone()}</p>
        </li>
    }
    .into_any()
}

/// Whose it is, of which section, and in which language where that is not the screen's.
fn over(i18n: Texts, known: &Known, card: &Card) -> AnyView {
    let member = member_name(known, card, words::language(i18n));
    view! {
        <p class="wall-card__over">
            <strong>{member}</strong>
            <span>{words::section_title(i18n, card.section)}</span>
            {mark(i18n, card.language)}
        </p>
    }
    .into_any()
}

/// How large a text is set, that it fills the wall and is read from the last row. By its length and not by what fits, so
/// that it stays as it is when the presenter goes through it, on every wall.
fn type_of(text: &str) -> &'static str {
    match text.chars().count() {
        0..=180 => "huge",
        181..=420 => "large",
        _ => "text",
    }
}

/// An item, whole, its text from a part on.
pub fn item(i18n: Texts, known: &Known, card: &Card, part: usize) -> AnyView {
    let all = parts(&card.text);
    let rest = all.len().saturating_sub(part + PARTS_ON_A_WALL);
    let mut paragraphs: Vec<Vec<AnyView>> = Vec::new();
    for part in all.into_iter().skip(part).take(PARTS_ON_A_WALL) {
        let words = view! { <span data-entry data-lines>{part.text.to_owned()}</span> }.into_any();
        match paragraphs.last_mut() {
            Some(last) if !part.begins => last.push(words),
            _ => paragraphs.push(vec![words]),
        }
    }
    let language = card.language.code();
    let text: Vec<_> = paragraphs.into_iter().map(|words| view! { <p lang=language>{words}</p> }).collect();
    let themes: Vec<_> = card
        .themes
        .iter()
        .map(|theme| {
            let (name, colour) = theme_name(i18n, known, Some(theme));
            view! { <span class="wall__theme" data-colour=colour>{name}</span> }
        })
        .collect();
    let goes_on = text!(i18n, projector.goes_on, count = "#").to_string();
    view! {
        <article class="wall-item" data-item=card.item.to_string() data-type=type_of(&card.text)>
            {over(i18n, known, card)}
            <p class="wall-item__themes">{themes}</p>
            <div class="wall-fit" data-shrinks>
                <div class="wall-item__text">{text}</div>
                <p class="wall__more" hidden data-rest=rest.to_string() data-words=goes_on></p>
            </div>
        </article>
    }
    .into_any()
}
