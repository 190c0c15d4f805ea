//! Counts on the wall: themes by members, shares of the themes, themes over the editions.

use super::cards::{more, theme_name};
use super::state::Stage;
use crate::words::{self, Texts, text};
use domain::board::Card;
use domain::board::place::{Place, Sort};
use domain::board::tally::{Columns, Matrix, Tally};
use domain::projection::Known;
use domain::section::Section;
use leptos::prelude::*;

/// Rows that can stand on a wall at the smallest size.
const ROWS: usize = 40;

/// The columns' names and colours: the themes', then those of none.
fn columns(i18n: Texts, known: &Known) -> Vec<(String, &'static str)> {
    let ids = known.themes.iter().map(|theme| Some(&theme.id)).chain([None]);
    ids.map(|theme| theme_name(i18n, known, theme)).collect()
}

fn cards<'a>(known: &'a Known, place: &Place) -> Vec<&'a Card> {
    known.selection(place).items.into_iter().filter_map(|item| known.card(item)).collect()
}

/// Themes by members, from a row on; the totals stay in sight.
pub fn matrix(i18n: Texts, known: &Known, place: &Place, part: usize) -> AnyView {
    let language = words::language(i18n);
    let members = &known.council.members;
    let matrix = Matrix::of(known.columns(), members, cards(known, place), &Sort::Tour, language);
    let names = columns(i18n, known);
    let heads: Vec<_> =
        names.iter().map(|(name, colour)| view! { <th scope="col" data-colour=*colour>{name.clone()}</th> }).collect();
    let totals: Vec<_> = matrix.totals.iter().map(|count| view! { <td>{*count}</td> }).collect();
    let most = matrix.most.max(1);
    let row = |row: &domain::board::tally::Row| {
        let name = known.council.member(row.member).map(|member| member.short.get(language).to_owned());
        let cells: Vec<_> = row
            .counts
            .iter()
            .zip(&names)
            .map(|(count, (_, colour))| {
                // The number says it; the fill lets the eye find where there is much.
                let depth = format!("{:.0}%", 8.0 + 32.0 * f64::from(*count) / f64::from(most));
                view! { <td data-colour=*colour class:some=*count != 0 style=("--depth", depth)>{*count}</td> }
            })
            .collect();
        view! { <tr data-entry data-member=row.member.to_string()><th scope="row">{name}</th>{cells}<td class="wall-table__total">{row.total}</td></tr> }
    };
    let rows: Vec<_> = matrix.rows.iter().skip(part).take(ROWS).map(row).collect();
    let rest = matrix.rows.len().saturating_sub(part + ROWS);
    let table = view! {
        <table class="wall-table wall-table--matrix" style=("--columns", names.len().to_string())>
            <thead>
                <tr><th scope="col">{text!(i18n, projector.member)}</th>{heads}<th scope="col">{text!(i18n, projector.total)}</th></tr>
                <tr class="wall-table__total"><th scope="row">{text!(i18n, projector.total)}</th>{totals}<td>{matrix.items}</td></tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    fitted(i18n, table.into_any(), rest)
}

/// What is counted, with the line under it that says how many rows do not fit.
fn fitted(i18n: Texts, counts: AnyView, rest: usize) -> AnyView {
    view! { <div class="wall-fit"><div class="wall-fill">{counts}</div>{more(i18n, rest)}</div> }.into_any()
}

/// A bar with its number. The number says it; the bar shows it.
fn bar(label: Option<&'static str>, count: u32, most: u32) -> AnyView {
    let width = format!("{:.1}%", f64::from(count) * 100.0 / f64::from(most.max(1)));
    view! {
        <p class="wall-bar">
            <span class="wall-bar__label">{label}</span>
            <span class="wall-bar__track" aria-hidden="true"><span style=("--share", width)></span></span>
            <strong>{count}</strong>
        </p>
    }
    .into_any()
}

/// Each theme's items, and its needs beside its achievements.
pub fn charts(i18n: Texts, known: &Known, place: &Place, part: usize) -> AnyView {
    let tally = Tally::of(known.columns(), cards(known, place));
    let most = tally.most();
    let row = |(column, (name, colour)): (usize, (String, &'static str))| {
        let of = |section| tally.of_section(column, section);
        view! {
            <section class="wall-chart" data-entry data-colour=colour>
                <h2>{name}</h2>
                <div>
                    {bar(Some(text!(i18n, projector.total)), tally.under(column), most)}
                    {bar(Some(text!(i18n, projector.achievements)), of(Section::Achievements), most)}
                    {bar(Some(text!(i18n, projector.needs)), of(Section::IssuesAndNeeds), most)}
                </div>
            </section>
        }
    };
    let rows: Vec<_> = columns(i18n, known).into_iter().enumerate().skip(part).map(row).collect();
    fitted(i18n, view! { <div class="wall-charts">{rows}</div> }.into_any(), 0)
}

/// Themes over the editions, the oldest first, with a bar in each cell.
pub fn trend(i18n: Texts, known: &Known, stage: Stage, part: usize) -> AnyView {
    let language = words::language(i18n);
    let others = stage.others.get();
    let mut editions: Vec<_> = known.council.editions.iter().collect();
    editions.sort_by_key(|edition| edition.dates.meets);
    let tallies: Vec<(String, Option<Tally>)> = editions
        .into_iter()
        .map(|edition| {
            let board = if edition.id == stage.feed.edition { Some(&known.board) } else { others.get(&edition.id) };
            let tally = board.map(|board| Tally::of(&Columns::of(&known.themes), board.cards.values()));
            (edition.name.get(language).to_owned(), tally)
        })
        .collect();
    let most = tallies.iter().filter_map(|(_, tally)| tally.as_ref()).map(Tally::most).max().unwrap_or(0);
    let heads: Vec<_> = tallies.iter().map(|(name, _)| view! { <th scope="col">{name.clone()}</th> }).collect();
    let row = |(column, (name, colour)): (usize, (String, &'static str))| {
        let cell = |(_, tally): &(String, Option<Tally>)| match tally {
            Some(tally) => view! { <td>{bar(None, tally.under(column), most)}</td> }.into_any(),
            None => view! { <td>"…"</td> }.into_any(),
        };
        let cells: Vec<_> = tallies.iter().map(cell).collect();
        view! { <tr data-entry data-colour=colour><th scope="row">{name}</th>{cells}</tr> }
    };
    let rows: Vec<_> = columns(i18n, known).into_iter().enumerate().skip(part).map(row).collect();
    let table = view! {
        <table class="wall-table wall-table--trend" style=("--columns", tallies.len().to_string())>
            <thead><tr><th scope="col">{text!(i18n, projector.theme)}</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    fitted(i18n, table.into_any(), 0)
}
