//! Charts where people would rather look than read: each drawn as bars with their numbers written on them, and the
//! same numbers as a table behind it.

use super::columns::Column;
use super::state::BoardState;
use crate::words::{Texts, say, text, use_texts};
use domain::board::tally::{Columns, Tally};
use domain::section::Section;
use leptos::prelude::*;

/// The view.
#[must_use]
pub fn charts(state: BoardState) -> AnyView {
    view! { <ChartsView state/> }.into_any()
}

#[component]
fn ChartsView(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let tally = Memo::new(move |_| {
        let columns = Columns::of(&state.table.get().themes);
        let selection = state.selection.get();
        let tally = state
            .with_board(|board| Tally::of(&columns, selection.items.iter().filter_map(|item| board.cards.get(item))));
        tally.unwrap_or_else(|| Tally::of(&columns, []))
    });
    view! {
        <div class="charts">
            <section class="chart" aria-labelledby="chart-share">
                <h2 id="chart-share">{say!(i18n, board.share)}</h2>
                <p class="hint">{say!(i18n, board.counted_twice)}</p>
                {move || tally.with(|tally| share(i18n, &state.columns(), tally))}
            </section>
            <section class="chart" aria-labelledby="chart-needs">
                <h2 id="chart-needs">{say!(i18n, board.needs)}</h2>
                <p class="hint">{say!(i18n, board.needs_text)}</p>
                {move || tally.with(|tally| needs(i18n, &state.columns(), tally))}
            </section>
        </div>
    }
}

/// The bar's length, in hundredths of the longest.
fn length(count: u32, most: u32) -> u32 {
    if most == 0 { 0 } else { (count * 100).div_ceil(most) }
}

/// A bar of the chart with its number. What is drawn says nothing that the number and the table do not.
fn bar(kind: &'static str, count: u32, most: u32, label: String) -> AnyView {
    let width = length(count, most).to_string();
    view! {
        <div class="bars__bar">
            <svg class=format!("bars__svg bars__svg--{kind}") viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="bars__ground" width="100" height="10"></rect>
                <rect class="bars__mark" width=width height="10"></rect>
            </svg>
            <span class="bars__label">{label}</span>
        </div>
    }
    .into_any()
}

/// A chart, and the same numbers as a table behind it.
fn drawn(i18n: Texts, bars: AnyView, heads: [&'static str; 3], lines: AnyView) -> AnyView {
    view! {
        <div class="bars" aria-hidden="true">{bars}</div>
        <details class="behind">
            <summary>{text!(i18n, board.as_table).to_owned()}</summary>
            <table class="plain">
                <thead><tr>{heads.map(|head| view! { <th scope="col">{head}</th> }.into_any()).into_iter().collect_view()}</tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </details>
    }
    .into_any()
}

fn share(i18n: Texts, columns: &[Column], tally: &Tally) -> AnyView {
    let most = tally.most();
    let percent = |count: u32| if tally.items == 0 { 0 } else { (count * 200 + tally.items) / (2 * tally.items) };
    let row = |column: &Column| {
        let count = tally.under(column.place);
        let label = text!(i18n, board.share_of, count, percent = percent(count)).to_string();
        view! {
            <div class="bars__row" data-colour=column.colour()>
                <p class="bars__name">{column.name(i18n)}</p>
                {bar("all", count, most, label)}
            </div>
        }
        .into_any()
    };
    let line = |column: &Column| {
        let count = tally.under(column.place);
        view! { <tr><th scope="row">{column.name(i18n)}</th><td>{count}</td><td>{text!(i18n, board.percent, n = percent(count)).to_string()}</td></tr> }
            .into_any()
    };
    let heads = [text!(i18n, board.theme), text!(i18n, board.items), text!(i18n, board.share_column)];
    drawn(
        i18n,
        columns.iter().map(row).collect_view().into_any(),
        heads,
        columns.iter().map(line).collect_view().into_any(),
    )
}

fn needs(i18n: Texts, columns: &[Column], tally: &Tally) -> AnyView {
    let of = |column: &Column| {
        (tally.of_section(column.place, Section::IssuesAndNeeds), tally.of_section(column.place, Section::Achievements))
    };
    let most = columns.iter().map(of).map(|(needs, done)| needs.max(done)).max().unwrap_or(0);
    let row = |column: &Column| {
        let (needs, done) = of(column);
        let (needs, done) = (
            bar("needs", needs, most, text!(i18n, board.needs_count, count = needs).to_string()),
            bar("done", done, most, text!(i18n, board.achievements_count, count = done).to_string()),
        );
        view! { <div class="bars__row" data-colour=column.colour()><p class="bars__name">{column.name(i18n)}</p> {needs} {done}</div> }
            .into_any()
    };
    let line = |column: &Column| {
        let (needs, done) = of(column);
        view! { <tr><th scope="row">{column.name(i18n)}</th><td>{needs}</td><td>{done}</td></tr> }.into_any()
    };
    let heads = [text!(i18n, board.theme), text!(i18n, section.issues_and_needs), text!(i18n, section.achievements)];
    drawn(
        i18n,
        columns.iter().map(row).collect_view().into_any(),
        heads,
        columns.iter().map(line).collect_view().into_any(),
    )
}
