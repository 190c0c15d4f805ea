//! Whether an element is in sight.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

/// Tells whether an element is in sight, now and whenever that changes, until the screen that asks is left.
pub fn watch(element: &Element, told: impl Fn(bool) + 'static) {
    let seen = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        // The last one is how it is now.
        if let Some(entry) = entries.iter().last() {
            told(entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting());
        }
    });
    let Ok(observer) = IntersectionObserver::new(seen.as_ref().unchecked_ref()) else { return };
    observer.observe(element);
    let kept = StoredValue::new_local((observer, seen));
    on_cleanup(move || {
        kept.with_value(|(observer, _)| observer.disconnect());
        kept.dispose();
    });
}
