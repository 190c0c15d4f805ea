//! The tour de table: one member's whole report at a time, in order.

use super::state::BoardState;
use crate::client::format;
use crate::components::header::written_in;
use crate::components::when::When;
use crate::reactive::Computed;
use crate::words::{self, boxed, say, text, use_texts};
use domain::board::Card;
use domain::id::MemberId;
use domain::member::Member;
use domain::section::Section;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The view.
#[must_use]
pub fn tour(state: BoardState) -> AnyView {
    view! { <TourView state/> }.into_any()
}

#[component]
fn TourView(state: BoardState) -> impl IntoView {
    let i18n = use_texts();
    state.refresh_contacts();
    let reports = Computed::new(move || {
        let submitted = state.with_board(|board| board.cards.values().map(|card| card.member).collect::<BTreeSet<_>>());
        let (table, submitted) = (state.table.get(), submitted.unwrap_or_default());
        table.tour.iter().filter(|member| submitted.contains(&member.id)).cloned().collect::<Vec<Member>>()
    });
    let member = Memo::new(move |_| {
        let table = state.table.get();
        let asked = state.place.get().report.filter(|id| table.members.contains_key(id));
        asked.or_else(|| reports.get().first().or(table.tour.first()).map(|member| member.id))
    });
    // The tour goes from report to report, as the wall does; a member without one is reached by the list.
    let stops = Computed::new(move || {
        let (table, reports) = (state.table.get(), reports.get());
        let stops = table.tour.iter().filter(|known| Some(known.id) == member.get() || reports.contains(known));
        stops.map(|member| member.id).collect::<Vec<MemberId>>()
    });
    let at = Memo::new(move |_| stops.get().iter().position(|stop| Some(*stop) == member.get()).unwrap_or(0));
    let count = move || stops.get().len();
    let step = move |by: isize| {
        boxed(move || {
            let (stops, _, _) = (stops.get(), state.place.get(), words::language(i18n));
            let to = at.get().checked_add_signed(by).and_then(|to| stops.get(to).copied());
            to.map(|to| state.address_of(|place| place.report = Some(to)))
        })
    };
    let choose = move |value: String| {
        if let Ok(chosen) = value.parse::<MemberId>() {
            state.go(|place| place.report = Some(chosen));
        }
    };
    let options = move || {
        let language = words::language(i18n);
        let reports = reports.get();
        let option = |known: &Member| {
            let (id, is, name) = (known.id, Some(known.id) == member.get(), known.short.get(language).to_owned());
            let name =
                if reports.contains(known) { name } else { text!(i18n, board.no_report, member = name).to_string() };
            view! { <option value=id.to_string() selected=is>{name}</option> }.into_any()
        };
        state.table.get().tour.iter().map(option).collect_view()
    };
    view! {
        <div class="tour__bar">
            <a class="button" aria-disabled=boxed(move || step(-1)().is_none().to_string()) href=step(-1) data-keep-place="">{say!(i18n, board.previous_member)}</a>
            <label>
                <span class="visually-hidden">{say!(i18n, board.member)}</span>
                <select on:change:target=move |event| choose(event.target().value())>{options}</select>
            </label>
            <a class="button" aria-disabled=boxed(move || step(1)().is_none().to_string()) href=step(1) data-keep-place="">{say!(i18n, board.next_member)}</a>
            <p class="tour__place">{boxed(move || text!(i18n, board.place_of, n = at.get() + 1, all = count()).to_string())}</p>
        </div>
        {move || member.get().map(|member| report(state, member))}
    }
}

/// A member's report as the council has it.
fn report(state: BoardState, member: MemberId) -> AnyView {
    let i18n = use_texts();
    let cards = Memo::new(move |_| {
        let selection = state.selection.get();
        let of_member = |board: &domain::board::Board| {
            let cards = selection.items.iter().filter_map(|item| board.cards.get(item));
            cards.filter(|card| card.member == member).cloned().collect()
        };
        let mut cards: Vec<Card> = state.with_board(of_member).unwrap_or_default();
        cards.sort_by(|a, b| (a.section, &a.position, a.item).cmp(&(b.section, &b.position, b.item)));
        cards
    });
    let name = boxed(move || {
        let (table, language) = (state.table.get(), words::language(i18n));
        table.members.get(&member).map(|member| member.name.get(language).to_owned()).unwrap_or_default()
    });
    let any = move || state.with_board(|board| board.cards.values().any(|card| card.member == member)).unwrap_or(false);
    let section = move |section: Section| {
        view! {
            <section class="tour__section">
                <h3>{boxed(move || words::section_title(i18n, section))}</h3>
                {move || {
                    let of_section: Vec<Card> = cards.with(|cards| cards.iter().filter(|card| card.section == section).cloned().collect());
                    if of_section.is_empty() {
                        return view! { <p class="empty">{text!(i18n, board.nothing_here).to_owned()}</p> }.into_any();
                    }
                    of_section.into_iter().map(|card| entry(state, card)).collect_view().into_any()
                }}
            </section>
        }
        .into_any()
    };
    let contact = move || {
        state.contact_of(member).map(|contact| {
            let line = [contact.name, contact.email, contact.phone];
            let line: Vec<String> = line.into_iter().filter(|part| !part.is_empty()).collect();
            text!(i18n, board.contact_line, contact = line.join(" · ")).to_string()
        })
    };
    view! {
        <article class="tour">
            <h2>{name}</h2>
            <p class="tour__contact">{contact}</p>
            <When is=boxed(any) otherwise=move || view! { <p class="empty">{say!(i18n, board.not_submitted)}</p> }>
                {Section::ALL.map(section).into_iter().collect_view()}
            </When>
        </article>
    }
    .into_any()
}

fn entry(state: BoardState, card: Card) -> AnyView {
    let i18n = use_texts();
    let language = card.language.code();
    let (table, reader) = (state.table.get(), words::language(i18n));
    let theme = |id: &domain::theme::ThemeId| {
        let theme = table.themes.iter().find(|theme| theme.id == *id)?;
        Some(view! { <li data-colour=theme.colour.as_str()>{theme.name.get(reader).to_owned()}</li> }.into_any())
    };
    let themes = card.themes.iter().filter_map(theme).collect_view();
    let when = format::date(card.changed_at(), reader);
    let over = match (card.amended_at, written_in(i18n, card.language)) {
        (None, None) => String::new(),
        (None, Some(language)) => language,
        (Some(_), None) => text!(i18n, board.amended_on, date = when).to_string(),
        (Some(_), Some(language)) => format!("{} · {language}", text!(i18n, board.amended_on, date = when)),
    };
    view! {
        <div class="tour__item" data-card=card.item.to_string()>
            <h4 lang=language>{state.marked(&card.title)}</h4>
            <p class="card__full" lang=language>{state.marked(&card.text)}</p>
            <ul class="tour__themes">{themes}</ul>
            <p class="card__when">{over}</p>
        </div>
    }
    .into_any()
}
