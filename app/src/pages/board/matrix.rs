//! Themes by members, each cell its count: a table to look at from the back of the room, to sort, to read with a
//! screen reader, and to take away.

use super::columns::Column;
use super::state::BoardState;
use crate::client::device;
use crate::components::when::When;
use crate::reactive::Computed;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::board::place::{Sort, View};
use domain::board::tally::{Columns, Matrix, Row};
use domain::id::MemberId;
use domain::language::Language;
use domain::theme::ThemeId;
use leptos::prelude::*;

/// The view.
#[must_use]
pub fn matrix(state: BoardState) -> AnyView {
    view! { <MatrixView state/> }.into_any()
}

#[component]
fn MatrixView(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    let columns = Computed::new(move || state.columns());
    let matrix = Computed::new(move || count(state, words::language(i18n)));
    let empty = move || matrix.get().rows.is_empty();
    view! {
        <When is=boxed(empty)><p class="empty">{say!(i18n, board.none_match)}</p></When>
        <When is=boxed(move || !empty())>
            <h2 class="matrix-caption" id="matrix-caption">{say!(i18n, board.matrix_caption)}</h2>
            <div class="matrix-scroll" tabindex="0" role="region" aria-labelledby="matrix-caption">
                <table class="matrix" aria-labelledby="matrix-caption" style=("--themes", boxed(move || columns.get().len().to_string()))>
                    <thead><tr>
                        <th scope="col" aria-sort=sorted(state, Sort::Name)>{sorter(state, Sort::Name, boxed(move || text!(i18n, board.member).to_owned()))}</th>
                        {move || columns.get().iter().map(|column| heading(state, i18n, column.clone())).collect_view()}
                        <th scope="col" class="matrix__total" aria-sort=sorted(state, Sort::Total)>{sorter(state, Sort::Total, boxed(move || text!(i18n, board.total).to_owned()))}</th>
                    </tr></thead>
                    <tbody>
                        {move || {
                            let columns = columns.get();
                            let matrix = matrix.get();
                            matrix.rows.iter().map(|row| line(state, i18n, &columns, row, matrix.most)).collect_view()
                        }}
                    </tbody>
                    <tfoot>{move || totals(i18n, &columns.get(), &matrix.get())}</tfoot>
                </table>
            </div>
            <p class="hint">{say!(i18n, board.counted_twice)}</p>
            <div class="actions">
                <button type="button" class="button" on:click=move |_| take_away(state, i18n, &columns.now(), &matrix.now())>
                    {say!(i18n, board.matrix_csv)}
                </button>
                <When is=boxed(move || state.place.get().sort != Sort::Tour)>
                    <button type="button" class="button button--quiet" on:click=move |_| state.go(|place| place.sort = Sort::Tour)>
                        {say!(i18n, board.sort_tour)}
                    </button>
                </When>
            </div>
        </When>
    }
}

fn count(state: BoardState, language: Language) -> Matrix {
    let (table, sort) = (state.table.get(), state.place.get().sort.clone());
    let columns = Columns::of(&table.themes);
    let selection = state.selection.get();
    let matrix = state.with_board(|board| {
        let cards = selection.items.iter().filter_map(|item| board.cards.get(item));
        Matrix::of(&columns, &table.tour, cards, &sort, language)
    });
    matrix.unwrap_or_else(|| Matrix::of(&columns, &[], [], &sort, language))
}

fn theme_of(column: &Column) -> Option<ThemeId> {
    column.theme.as_ref().map(|theme| theme.id.clone())
}

fn heading(state: BoardState, i18n: Texts, column: Column) -> AnyView {
    let sort = Sort::Theme(theme_of(&column));
    let (colour, order) = (column.colour(), sorted(state, sort.clone()));
    view! {
        <th scope="col" data-colour=colour aria-sort=order>
            {sorter(state, sort, boxed(move || column.name(i18n)))}
        </th>
    }
    .into_any()
}

/// What a screen reader is told of a column's order.
fn sorted(state: BoardState, sort: Sort) -> Box<dyn Fn() -> Option<&'static str> + Send + Sync> {
    let order = if sort == Sort::Name { "ascending" } else { "descending" };
    boxed(move || (state.place.get().sort == sort).then_some(order))
}

/// A column's heading, which sorts by it; pressed again, the tour de table's order is back.
fn sorter(state: BoardState, sort: Sort, name: Box<dyn Fn() -> String + Send + Sync>) -> AnyView {
    let shown = sort.clone();
    let mark = boxed(move || match state.place.get().sort == shown {
        true if shown == Sort::Name => "▲",
        true => "▼",
        false => "↕",
    });
    let press = move |_| {
        let sort = sort.clone();
        state.go(|place| place.sort = if place.sort == sort { Sort::Tour } else { sort });
    };
    view! { <button type="button" class="matrix__sort" on:click=press><span>{name}</span> <span class="matrix__order" aria-hidden="true">{mark}</span></button> }
        .into_any()
}

fn line(state: BoardState, i18n: Texts, columns: &[Column], row: &Row, most: u32) -> AnyView {
    let member = row.member;
    let name = state.member_name(member);
    let cell = |column: &Column| {
        let count = row.counts[column.place];
        // How full the cell is drawn, in five steps; the number says it too.
        let depth = (count * 5).div_ceil(most.max(1));
        if count == 0 {
            return view! { <td data-colour=column.colour()><span class="matrix__none">"0"</span></td> }.into_any();
        }
        let label = text!(i18n, board.cell, count, member = name.clone(), theme = column.name(i18n)).to_string();
        view! {
            <td data-colour=column.colour() data-depth=depth>
                <a href=cards_of(state, member, column) aria-label=label>{count}</a>
            </td>
        }
        .into_any()
    };
    let cells = columns.iter().map(cell).collect_view();
    let whose = state.href(move |place| {
        place.view = View::Member;
        place.report = Some(member);
    });
    view! {
        <tr>
            <th scope="row"><a href=whose>{name.clone()}</a></th>
            {cells}
            <td class="matrix__total">{row.total}</td>
        </tr>
    }
    .into_any()
}

/// Where the cards are that a cell counts.
fn cards_of(state: BoardState, member: MemberId, column: &Column) -> Box<dyn Fn() -> String + Send + Sync> {
    let theme = theme_of(column);
    state.href(move |place| {
        place.view = View::Columns;
        place.filter.members = [member].into();
        place.filter.themes = [theme.clone()].into();
    })
}

fn totals(i18n: Texts, columns: &[Column], matrix: &Matrix) -> AnyView {
    let cells = columns.iter().map(|column| view! { <td>{matrix.totals[column.place]}</td> }.into_any()).collect_view();
    view! { <tr><th scope="row">{text!(i18n, board.total).to_owned()}</th> {cells} <td class="matrix__total">{matrix.items}</td></tr> }
        .into_any()
}

/// Saves the matrix as a file for a spreadsheet: with a byte order mark, and in French with semicolons, which is what
/// the spreadsheets of each language expect.
fn take_away(state: BoardState, i18n: Texts, columns: &[Column], matrix: &Matrix) {
    let separator = match words::language_now(i18n) {
        Language::En => ",",
        Language::Fr => ";",
    };
    let (table, language) = (state.table.now(), words::language_now(i18n));
    let name = |column: &Column| column.theme.as_ref().map(|theme| theme.name.get(language).to_owned());
    let none = untrack(|| text!(i18n, board.none).to_owned());
    let total = untrack(|| text!(i18n, board.total).to_owned());
    let heads = columns.iter().map(|column| name(column).unwrap_or_else(|| none.clone()));
    let member = untrack(|| text!(i18n, board.member).to_owned());
    let mut lines = vec![[member].into_iter().chain(heads).chain([total.clone()]).collect::<Vec<String>>()];
    for row in &matrix.rows {
        let name =
            table.members.get(&row.member).map(|member| member.short.get(language).to_owned()).unwrap_or_default();
        let counts = columns.iter().map(|column| row.counts[column.place].to_string());
        lines.push([name].into_iter().chain(counts).chain([row.total.to_string()]).collect());
    }
    let counts = columns.iter().map(|column| matrix.totals[column.place].to_string());
    lines.push([total].into_iter().chain(counts).chain([matrix.items.to_string()]).collect());
    let line = |cells: &Vec<String>| cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(separator);
    let text: String = lines.iter().map(|cells| line(cells) + "\r\n").collect();
    let name = untrack(|| text!(i18n, board.matrix_file).to_owned());
    if device::download(&name, "text/csv", &format!("\u{feff}{text}")).is_err() {
        state.client.announcement.set(untrack(|| text!(i18n, board.not_saved).to_owned()));
    }
}

/// Quoted, and never taken for a formula.
fn csv_cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
