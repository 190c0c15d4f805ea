//! A text that changes under a person's caret: a colleague's words were merged in. The caret stays behind the words that
//! it stood behind; while a letter is being composed, nothing is touched.

use crate::client::device;
use domain::field::{FieldKey, FieldValue};
use domain::sync::merge::carry;
use gloo_events::EventListener;
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What `input` and `textarea` have in common.
    type TextControl;

    #[wasm_bindgen(method, getter)]
    fn value(this: &TextControl) -> String;
    #[wasm_bindgen(method, setter)]
    fn set_value(this: &TextControl, value: &str);
    /// In UTF-16 units; none where the control has no caret to ask for.
    #[wasm_bindgen(method, getter, js_name = selectionStart)]
    fn selection_start(this: &TextControl) -> Option<u32>;
    #[wasm_bindgen(method, getter, js_name = selectionEnd)]
    fn selection_end(this: &TextControl) -> Option<u32>;
    #[wasm_bindgen(method, catch, js_name = setSelectionRange)]
    fn set_selection_range(this: &TextControl, start: u32, end: u32) -> Result<(), JsValue>;
}

thread_local! {
    static COMPOSING: Cell<bool> = const { Cell::new(false) };
}

/// The id of the element of a field that holds words; see the form.
#[must_use]
pub fn element_of(key: FieldKey) -> String {
    match key {
        FieldKey::Contact(field) => format!("contact-{}", field.as_str()),
        FieldKey::Item(item, field) => format!("{}-{item}", field.as_str()),
    }
}

/// Puts a new text into the field that has the focus, with its caret. `true`: the field must be left alone now, because
/// a letter is being composed in it; `composed` is called afterwards.
pub fn keep(value: &FieldValue) -> bool {
    let Some(text) = value.text() else { return false };
    let focused = device::window().document().and_then(|document| document.active_element());
    let Some(control) = focused.filter(|element| element.id() == element_of(value.key())) else { return false };
    if COMPOSING.get() {
        return true;
    }
    let control: TextControl = control.unchecked_into();
    let before = control.value();
    if before == text {
        return false;
    }
    let place = |at: Option<u32>| at.map(|at| units(text, carry(&before, text, bytes(&before, at))));
    let (start, end) = (place(control.selection_start()), place(control.selection_end()));
    control.set_value(text);
    if let (Some(start), Some(end)) = (start, end) {
        let _ = control.set_selection_range(start, end);
    }
    false
}

/// Knows when a letter is being composed; `composed` is called when it is there.
pub fn watch_composition(composed: impl Fn() + 'static) {
    let Some(document) = device::window().document() else { return };
    let start = EventListener::new(&document, "compositionstart", |_| COMPOSING.set(true));
    let end = EventListener::new(&document, "compositionend", move |_| {
        COMPOSING.set(false);
        composed();
    });
    let listeners = StoredValue::new_local((start, end));
    on_cleanup(move || {
        COMPOSING.set(false);
        listeners.dispose();
    });
}

/// UTF-16 units to bytes.
fn bytes(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

/// Bytes to UTF-16 units.
fn units(text: &str, bytes: usize) -> u32 {
    let units: usize = text.get(..bytes).unwrap_or(text).chars().map(char::len_utf16).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}
