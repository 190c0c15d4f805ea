//! Cards that an open one lies over give way: none sticks out from under it, for the eye, the pointer and the keyboard.
//! Where the open card has the room for itself, none does.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{DomRect, Element, ResizeObserver};

/// What a card under an open one is called.
const BEHIND: &str = "card--behind";

/// Looks whenever the groups or the open card change their size, until the screen is left. Gives what tells that another
/// card was opened, or none any more.
pub fn watch(groups: &Element) -> impl Fn() + Copy + 'static {
    let asked = groups.clone();
    let look = Closure::<dyn Fn()>::new(move || give_way(&asked));
    let observer = ResizeObserver::new(look.as_ref().unchecked_ref()).ok();
    let kept = StoredValue::new_local((observer, look, groups.clone()));
    on_cleanup(move || {
        kept.with_value(|(observer, ..)| observer.as_ref().map(ResizeObserver::disconnect));
        kept.dispose();
    });
    move || {
        let _ = kept.try_with_value(|(observer, _, groups)| {
            if let Some(observer) = observer {
                observer.disconnect();
                observer.observe(groups);
                let open = groups.query_selector(".card--open").ok().flatten();
                open.inspect(|open| observer.observe(open));
            }
            give_way(groups);
        });
    }
}

fn give_way(groups: &Element) {
    let all = |selector: &str| groups.query_selector_all(selector).ok();
    let open = groups.query_selector(".card--open").ok().flatten().map(|open| open.get_bounding_client_rect());
    let Some(cards) = all(if open.is_some() { ".card" } else { ".card--behind" }) else { return };
    let cards: Vec<Element> = (0..cards.length()).filter_map(|n| cards.get(n)?.dyn_into().ok()).collect();
    // All is measured before anything is changed.
    let behind: Vec<bool> = cards
        .iter()
        .map(|card| {
            let under = |open: &DomRect| overlap(open, &card.get_bounding_client_rect());
            !card.class_list().contains("card--open") && open.as_ref().is_some_and(under)
        })
        .collect();
    for (card, behind) in cards.iter().zip(behind) {
        let _ = card.class_list().toggle_with_force(BEHIND, behind);
    }
}

fn overlap(a: &DomRect, b: &DomRect) -> bool {
    a.left() < b.right() && b.left() < a.right() && a.top() < b.bottom() && b.top() < a.bottom()
}
