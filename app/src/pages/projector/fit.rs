//! What fits on the wall: an entry stands whole or not at all, and what does not fit is counted.
//!
//! The markup says what there is: in a `.wall-fit`, each `[data-entry]` is an entry, in each of them `[data-lines]` is a
//! text that may end early at a whole line, and the `.wall__more` at the end says how many are not shown, `data-rest` of
//! which were not drawn at all. Everything here is measured in the page, after it was drawn and before it is painted, and
//! again whenever the content or the size changes. Entries out of sight stay in the page, hidden: which item is at the
//! top, and what follows it, is the same on every wall.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};

/// What of a scene is in sight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sight {
    /// Entries that are shown.
    pub shown: usize,
    /// Entries that are not.
    pub more: usize,
}

/// Browsers round to parts of a pixel.
const ROUNDING: f64 = 0.75;

/// Fits a wall now and whenever it changes, and tells what is in sight.
pub fn watch(wall: &Element, told: impl Fn(Sight) + 'static) {
    let (changed, asked) = (StoredValue::new_local(None::<MutationObserver>), wall.clone());
    let look = Closure::<dyn Fn()>::new(move || {
        told(fit(&asked));
        // What this changed itself is no reason to look again.
        changed.with_value(|observer| observer.as_ref().map(MutationObserver::take_records));
    });
    let (Ok(resized), Ok(observer)) =
        (ResizeObserver::new(look.as_ref().unchecked_ref()), MutationObserver::new(look.as_ref().unchecked_ref()))
    else {
        return;
    };
    let watched = MutationObserverInit::new();
    watched.set_child_list(true);
    watched.set_character_data(true);
    watched.set_subtree(true);
    watched.set_attribute_filter(&js_sys::Array::of1(&"style".into()));
    if observer.observe_with_options(wall, &watched).is_ok() {
        resized.observe(wall);
    }
    changed.set_value(Some(observer));
    let kept = StoredValue::new_local((resized, look));
    on_cleanup(move || {
        changed.with_value(|observer| observer.as_ref().map(MutationObserver::disconnect));
        kept.with_value(|(resized, _)| resized.disconnect());
        kept.dispose();
    });
}

/// Fits everything on a wall, what is around before what is within. What is in sight is the outermost's.
fn fit(wall: &Element) -> Sight {
    let boxes = all(wall, ".wall-fit");
    for one in boxes.iter().flat_map(entries) {
        show(&one, true);
    }
    let mut seen = None;
    for one in boxes.iter().filter(|one| one.offset_height() > 0) {
        let sight = fit_box(one);
        seen.get_or_insert(sight);
    }
    seen.unwrap_or_default()
}

fn fit_box(one: &HtmlElement) -> Sight {
    let entries = entries(one);
    let Some(more) = all(one, ".wall__more").pop() else { return Sight::default() };
    let rest = more.get_attribute("data-rest").and_then(|rest| rest.parse().ok()).unwrap_or(0);
    let within = |limit: f64| entries.iter().take_while(|entry| bottom(entry) <= limit + ROUNDING).count();
    show(&more, false);
    entries.first().map(restore);
    if rest == 0 && within(bottom(one)) == entries.len() {
        return Sight { shown: entries.len(), more: 0 };
    }
    say(&more, rest + entries.len());
    show(&more, true);
    let limit = bottom(one) - height(&more);
    let mut shown = within(limit);
    if shown == 0 {
        // Under a heading that counts them, none is as good; elsewhere there is something to see of the first.
        if one.has_attribute("data-counted") {
            show(&more, false);
        } else if let Some(first) = entries.first() {
            cut(first, limit);
            shown = 1;
        }
    }
    for entry in &entries[shown..] {
        show(entry, false);
    }
    let sight = Sight { shown, more: rest + entries.len() - shown };
    if sight.more == 0 {
        show(&more, false);
    }
    say(&more, sight.more);
    sight
}

/// Ends an entry at the last whole line above a limit: text after text, from the top, takes what is left.
fn cut(entry: &HtmlElement, limit: f64) {
    let texts = all(entry, "[data-lines]");
    let texts = if texts.is_empty() { vec![entry.clone()] } else { texts };
    for (n, text) in texts.iter().enumerate() {
        let above = text.get_bounding_client_rect().top();
        let line = line_height(text);
        let lines = ((limit + ROUNDING - above) / line.max(1.0)).floor();
        if bottom(text) <= limit + ROUNDING {
            continue;
        }
        if lines < 1.0 && n > 0 {
            show(text, false);
        } else {
            let _ = text.set_attribute("style", &format!("-webkit-line-clamp:{}", lines.max(1.0)));
            text.class_list().add_1("wall-cut").unwrap_or_default();
        }
    }
}

/// An entry that was cut is whole again.
fn restore(entry: &HtmlElement) {
    for text in all(entry, "[data-lines]").iter().chain([entry]) {
        show(text, true);
        let _ = text.remove_attribute("style");
        text.class_list().remove_1("wall-cut").unwrap_or_default();
    }
}

/// The height of a line as it is on the screen: a wall in a preview is drawn smaller than it is laid out.
fn line_height(text: &HtmlElement) -> f64 {
    let style = window().get_computed_style(text).ok().flatten();
    let line = style.and_then(|style| style.get_property_value("line-height").ok());
    let line = line.and_then(|line| line.trim_end_matches("px").parse::<f64>().ok()).unwrap_or(0.0);
    line * height(text) / f64::from(text.offset_height().max(1))
}

/// The entries of a box, and not those of a box within it.
fn entries(one: &HtmlElement) -> Vec<HtmlElement> {
    let own =
        |entry: &HtmlElement| entry.closest(".wall-fit").ok().flatten().is_some_and(|of| of.is_same_node(Some(one)));
    all(one, "[data-entry]").into_iter().filter(own).collect()
}

fn all(within: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = within.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|n| found.get(n)?.dyn_into().ok()).collect()
}

fn bottom(element: &Element) -> f64 {
    element.get_bounding_client_rect().bottom()
}

fn height(element: &Element) -> f64 {
    element.get_bounding_client_rect().height()
}

fn show(element: &Element, shown: bool) {
    let _ = element.toggle_attribute_with_force("hidden", !shown);
}

/// The words are the page's, with a place for the number.
fn say(more: &HtmlElement, count: usize) {
    let words = more.get_attribute("data-words").unwrap_or_default();
    more.set_text_content(Some(&words.replace('#', &count.to_string())));
}
