//! Moving an item among those of its section: by keyboard with two buttons, by pointer with a handle.

use super::item_state::ItemState;
use super::state::ReportState;
use crate::client::device;
use crate::words::{Texts, text};
use domain::field::{FieldValue, ItemValue};
use domain::id::ItemId;
use domain::position::Position;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Moves the item to place `to` (from 0) among `items`, and says where it went.
pub fn move_to(state: ReportState, i18n: Texts, items: &[ItemState], item: ItemState, to: usize) {
    let others: Vec<ItemState> = items.iter().copied().filter(|other| other.id != item.id).collect();
    let to = to.min(others.len());
    let place = |at: Option<usize>| at.and_then(|at| others.get(at)).map(|other| other.position.get_untracked());
    let position = Position::between(place(to.checked_sub(1)).as_ref(), place(Some(to)).as_ref());
    state.write(FieldValue::Item(item.id, ItemValue::Position(position)));
    let text = untrack(|| text!(i18n, item.moved, n = to + 1, total = items.len()).to_string());
    state.client.announcement.set(text);
}

/// A pointer that holds the handle passes over other items: the held one takes the place of the one under it.
pub fn drag_over(state: ReportState, i18n: Texts, items: &[ItemState], item: ItemState, event: &PointerEvent) {
    let under = device::window().document().and_then(|document| {
        #[expect(clippy::cast_precision_loss, reason = "a screen has fewer pixels than a float counts")]
        document.element_from_point(event.client_x() as f32, event.client_y() as f32)
    });
    let over = under.and_then(|element| element.closest("[data-item]").ok().flatten());
    let over = over.and_then(|element| element.get_attribute("data-item")).and_then(|id| id.parse::<ItemId>().ok());
    let Some(to) = over.filter(|id| *id != item.id).and_then(|id| items.iter().position(|other| other.id == id)) else {
        return;
    };
    move_to(state, i18n, items, item, to);
}

/// Lets a handle hold the pointer, or gives it back.
pub fn capture(event: &PointerEvent, hold: bool) {
    let Some(handle) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    let _ = if hold {
        handle.set_pointer_capture(event.pointer_id())
    } else {
        handle.release_pointer_capture(event.pointer_id())
    };
}
