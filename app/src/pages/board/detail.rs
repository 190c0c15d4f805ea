//! The whole item, where its card stands: the contact person, how it was amended, what else its member says, and what
//! others say that is like it.

mod history;

use super::state::BoardState;
use crate::client::device;
use crate::components::when::When;
use crate::words::{self, boxed, say, text, use_texts};
use domain::board::Card;
use domain::board::place::Place;
use domain::id::{EditionId, ItemId};
use domain::report::submitted::SubmittedContact;
use history::History;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// Similar items that are named.
const SIMILAR: usize = 6;

/// The item's detail.
#[must_use]
pub fn detail(state: BoardState, item: ItemId) -> AnyView {
    view! {
        <div class="detail">
            <Actions state item/>
            <Contact state item/>
            <History state item/>
            <Others state item/>
            <Similar state item/>
        </div>
    }
    .into_any()
}

fn card_of(state: BoardState, item: ItemId) -> Option<Card> {
    state.card(item).map(|card| card.get())
}

/// What a person can take away: the link, the words, a printed page; and closing it.
#[component]
fn Actions(state: BoardState, item: ItemId) -> impl IntoView {
    let i18n = use_texts();
    let said = RwSignal::new(None::<Result<(), ()>>);
    let copy = move |text: String| {
        spawn_local_scoped_with_cancellation(async move {
            said.set(Some(device::copy(&text).await.map_err(drop)));
        });
    };
    let link = move |_| {
        let edition = state.edition;
        let path =
            state.address_of(|place| *place = Place { edition: Some(edition), item: Some(item), ..Place::default() });
        let origin = device::window().location().origin().unwrap_or_default();
        copy(format!("{origin}{path}"));
    };
    let words = move |_| {
        if let Some(card) = card_of(state, item) {
            let member = state.member_name(card.member);
            copy(format!("{} ({member})\n\n{}", card.title, card.text));
        }
    };
    let outcome = move || match said.get() {
        None => "",
        Some(Ok(())) => text!(i18n, board.copied),
        Some(Err(())) => text!(i18n, board.not_copied),
    };
    view! {
        <div class="actions detail__actions">
            <button type="button" class="button" on:click=link>{say!(i18n, board.copy_link)}</button>
            <button type="button" class="button" on:click=words>{say!(i18n, board.copy_text)}</button>
            <button type="button" class="button" on:click=|_| drop(device::window().print())>{say!(i18n, board.print)}</button>
            <button type="button" class="button button--quiet" on:click=move |_| state.close()>{say!(i18n, board.close)}</button>
            <p class="hint" role="status">{outcome}</p>
        </div>
    }
}

/// Whom to write to or call.
#[component]
fn Contact(state: BoardState, item: ItemId) -> impl IntoView {
    let i18n = use_texts();
    let contact = Memo::new(move |_| card_of(state, item).and_then(|card| state.contact_of(card.member)));
    let line = move |contact: SubmittedContact| {
        let (mail, call) = (contact.mail_link(), contact.call_link());
        let SubmittedContact { name, email, phone } = contact;
        let [mail, call] = [(mail, email), (call, phone)].map(|(link, text)| match link {
            Some(link) => Some(view! { <a href=link>{text}</a> }.into_any()),
            None => (!text.is_empty()).then(|| view! { <span>{text}</span> }.into_any()),
        });
        view! { <p class="detail__contact"><span>{name}</span> {mail} {call}</p> }.into_any()
    };
    view! {
        <h4>{say!(i18n, board.contact)}</h4>
        {move || match contact.get() {
            Some(contact) => line(contact),
            None => view! { <p class="hint">{say!(i18n, board.no_contact)}</p> }.into_any(),
        }}
    }
}

/// A list of links to other items.
fn links(state: BoardState, items: Vec<(EditionId, Card)>) -> AnyView {
    let i18n = use_texts();
    let link = move |(edition, card): (EditionId, Card)| {
        let item = card.item;
        let place = Place { edition: state.in_address(edition), item: Some(item), ..Place::default() };
        let href = state.address_of(|now| *now = place);
        let over = match state.edition_name(edition) {
            Some(name) if edition != state.edition => format!("{} · {name}", state.member_name(card.member)),
            _ => state.member_name(card.member),
        };
        let section = words::section_title(i18n, card.section);
        view! { <li><a href=href lang=card.language.code()>{card.title}</a> <span class="card__when">{over} " · " {section}</span></li> }
            .into_any()
    };
    view! { <ul class="detail__links">{items.into_iter().map(link).collect_view()}</ul> }.into_any()
}

/// What else the member says in this edition.
#[component]
fn Others(state: BoardState, item: ItemId) -> impl IntoView {
    let i18n = use_texts();
    let others = Memo::new(move |_| {
        let Some(card) = card_of(state, item) else { return Vec::new() };
        let mut others: Vec<Card> = state
            .with_board(|board| {
                let of_member = board.cards.values().filter(|other| other.member == card.member && other.item != item);
                of_member.cloned().collect()
            })
            .unwrap_or_default();
        others.sort_by(|a, b| (a.section, &a.position).cmp(&(b.section, &b.position)));
        others.into_iter().map(|card| (state.edition, card)).collect()
    });
    let name = move || card_of(state, item).map(|card| state.member_name(card.member)).unwrap_or_default();
    view! {
        <When is=boxed(move || others.with(|others| !others.is_empty()))>
            <h4>{move || text!(i18n, board.others_of, member = name()).to_string()}</h4>
            {move || links(state, others.get())}
        </When>
    }
}

/// What other members say that is like it, in this edition and in those that are on the device.
#[component]
fn Similar(state: BoardState, item: ItemId) -> impl IntoView {
    let i18n = use_texts();
    let similar =
        Memo::new(move |_| card_of(state, item).map(|card| state.similar(&card, SIMILAR)).unwrap_or_default());
    view! {
        <h4>{say!(i18n, board.similar)}</h4>
        {move || if similar.with(Vec::is_empty) {
            view! { <p class="hint">{say!(i18n, board.no_similar)}</p> }.into_any()
        } else {
            links(state, similar.get())
        }}
    }
}
