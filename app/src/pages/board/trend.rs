//! Themes over the editions: a small line for each theme, all on one scale, with every number written; the same as a
//! table behind it.

use super::columns::Column;
use super::state::BoardState;
use crate::components::when::When;
use crate::words::{self, boxed, say, text, use_texts};
use domain::board::Board;
use domain::board::filter::Filter;
use domain::board::tally::{Columns, Tally};
use domain::id::EditionId;
use leptos::prelude::*;

/// The view.
#[must_use]
pub fn trend(state: BoardState) -> AnyView {
    view! { <TrendView state/> }.into_any()
}

/// An edition's name and its counts; none while its board is not on the device.
type Point = (String, Option<Tally>);

/// The editions, oldest first, with what the filter leaves of each. Words are looked up in each edition.
fn points(state: BoardState, language: domain::language::Language) -> Vec<Point> {
    let table = state.table.get();
    let columns = Columns::of(&table.themes);
    let filter = Filter { new: false, ..state.place.get().filter.clone() };
    let search = state.text.get();
    let tally = |edition: EditionId| {
        if edition == state.edition {
            let found = (!search.trim().is_empty()).then(|| state.found.get());
            let cards = |board: &Board| {
                count(board, &columns, &|card| {
                    found.as_ref().is_none_or(|found| found.score(card.item).is_some())
                        && filter.takes(card, table.members.get(&card.member), None)
                })
            };
            return state.with_board(cards);
        }
        state.rest().others.with(|others| {
            let (_, beside) = others.iter().find(|(id, _)| *id == edition)?;
            let found = beside.index.search(&search);
            Some(count(&beside.board, &columns, &|card| {
                found.as_ref().is_none_or(|found| found.score(card.item).is_some())
                    && filter.takes(card, table.members.get(&card.member), None)
            }))
        })
    };
    let editions = table.editions.iter().rev();
    editions.map(|edition| (edition.name.get(language).to_owned(), tally(edition.id))).collect()
}

fn count(board: &Board, columns: &Columns, takes: &dyn Fn(&domain::board::Card) -> bool) -> Tally {
    Tally::of(columns, board.cards.values().filter(|card| takes(card)))
}

#[component]
fn TrendView(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let points = Memo::new(move |_| points(state, words::language(i18n)));
    let missing = move || points.with(|points| points.iter().any(|(_, tally)| tally.is_none()));
    view! {
        <When is=boxed(missing)><p role="status">{say!(i18n, board.trend_missing)}</p></When>
        <div class="trends">
            {move || points.with(|points| {
                let known = points.iter().filter_map(|(_, tally)| tally.as_ref());
                let most = known.map(Tally::most).max().unwrap_or(0).max(1);
                state.columns().iter().map(|column| line(column.name(i18n), column, points, most)).collect_view()
            })}
        </div>
        <p class="hint">{say!(i18n, board.counted_twice)}</p>
        <details class="behind" open>
            <summary>{say!(i18n, board.as_table)}</summary>
            <div class="matrix-scroll" tabindex="0" role="region" aria-label=say!(i18n, board.view_trend)>
                {move || points.with(|points| table(state, points))}
            </div>
        </details>
    }
}

/// The drawing's size, in its own units, and the room for the numbers above.
const WIDE: u32 = 300;
const HIGH: u32 = 96;
const ABOVE: u32 = 26;

/// One theme's line. The numbers stand on it; a screen reader is given the table instead.
fn line(name: String, column: &Column, points: &[Point], most: u32) -> AnyView {
    let step = WIDE / u32::try_from(points.len()).unwrap_or(1).max(1);
    let known: Vec<(u32, u32, u32)> = (0..)
        .zip(points)
        .filter_map(|(n, (_, tally))| {
            let count = tally.as_ref()?.under(column.place);
            Some((step * n + step / 2, HIGH - 8 - (HIGH - ABOVE - 8) * count / most, count))
        })
        .collect();
    let path = known.iter().map(|(x, y, _)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
    let dot = |(x, y, count): &(u32, u32, u32)| {
        view! {
            <circle cx=x.to_string() cy=y.to_string() r="5"></circle>
            <text x=x.to_string() y=(y - 11).to_string()>{*count}</text>
        }
        .into_any()
    };
    let names = points.iter().map(|(name, _)| view! { <span>{name.clone()}</span> }.into_any()).collect_view();
    view! {
        <figure class="trend" data-colour=column.colour()>
            <figcaption>{name}</figcaption>
            <svg viewBox=format!("0 0 {WIDE} {HIGH}") aria-hidden="true" focusable="false">
                <polyline points=path></polyline>
                {known.iter().map(dot).collect_view()}
            </svg>
            <div class="trend__names" aria-hidden="true">{names}</div>
        </figure>
    }
    .into_any()
}

fn table(state: BoardState, points: &[Point]) -> AnyView {
    let i18n = use_texts();
    let heads = points.iter().map(|(name, _)| view! { <th scope="col">{name.clone()}</th> }.into_any()).collect_view();
    let cell = |tally: &Option<Tally>, count: &dyn Fn(&Tally) -> u32| {
        let text =
            tally.as_ref().map_or_else(|| text!(i18n, board.not_here).to_owned(), |tally| count(tally).to_string());
        view! { <td>{text}</td> }.into_any()
    };
    let row = |column: &Column| {
        let cells = points.iter().map(|(_, tally)| cell(tally, &|tally| tally.under(column.place))).collect_view();
        view! { <tr><th scope="row">{column.name(i18n)}</th> {cells}</tr> }.into_any()
    };
    let totals = points.iter().map(|(_, tally)| cell(tally, &|tally| tally.items)).collect_view();
    view! {
        <table class="plain">
            <thead><tr><th scope="col">{text!(i18n, board.theme).to_owned()}</th> {heads}</tr></thead>
            <tbody>{state.columns().iter().map(row).collect_view()}</tbody>
            <tfoot><tr><th scope="row">{text!(i18n, board.total).to_owned()}</th> {totals}</tr></tfoot>
        </table>
    }
    .into_any()
}
