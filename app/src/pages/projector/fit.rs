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

/// How many lines a text may take.
const CLAMP: &str = "-webkit-line-clamp";
/// By how much a text is set smaller, where the sheet lets it.
const SMALLER: &str = "--smaller";
/// The steps of that.
const STEPS: [&str; 4] = ["0.8", "0.64", "0.5", "0.4"];

/// Browsers round to parts of a pixel of the page, which in a preview is drawn as less than one.
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
    for one in boxes.iter().filter(|one| one.closest("[hidden]").ok().flatten().is_none()) {
        let sight = fit_box(one);
        seen.get_or_insert(sight);
    }
    seen.unwrap_or_default()
}

fn fit_box(one: &HtmlElement) -> Sight {
    let entries = entries(one);
    let Some(more) = all(one, ".wall__more").pop() else { return Sight::default() };
    let rest = more.get_attribute("data-rest").and_then(|rest| rest.parse().ok()).unwrap_or(0);
    let slack = ROUNDING * drawn(one);
    let within = |limit: f64| entries.iter().take_while(|entry| bottom(entry) <= limit + slack).count();
    show(&more, false);
    set(one, SMALLER, "");
    entries.first().map(restore);
    if rest == 0 && within(bottom(one)) == entries.len() {
        return Sight { shown: entries.len(), more: 0 };
    }
    say(&more, rest + entries.len());
    show(&more, true);
    let limit = bottom(one) - height(&more);
    let mut shown = within(limit);
    // A text that is read together is set smaller rather than cut: nobody could get to the end of its line.
    if shown == 0 && one.has_attribute("data-shrinks") {
        for step in STEPS {
            set(one, SMALLER, step);
            shown = within(limit);
            if shown > 0 {
                break;
            }
        }
    }
    if shown == 0 {
        // Under a heading that counts them, none is as good, with the line that says so where it has room; elsewhere
        // there is something to see of the first.
        if one.has_attribute("data-counted") {
            show(&more, height(&more) <= height(one) + slack);
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
    let texts = texts_of(entry);
    // What the entry has under its last text stays there.
    let limit = limit - texts.last().map_or(0.0, |last| bottom(entry) - bottom(last));
    let limit = limit + ROUNDING * drawn(entry);
    for (n, text) in texts.iter().enumerate().filter(|(_, text)| bottom(text) > limit) {
        let above = text.get_bounding_client_rect().top();
        let lines = ((limit - above) / line_height(text).max(1.0)).floor();
        if lines < 1.0 && n > 0 {
            show(text, false);
        } else {
            set(text, CLAMP, &lines.max(1.0).to_string());
            text.class_list().add_1("wall-cut").unwrap_or_default();
        }
    }
}

/// An entry that was cut is whole again.
fn restore(entry: &HtmlElement) {
    for text in texts_of(entry) {
        show(&text, true);
        set(&text, CLAMP, "");
        text.class_list().remove_1("wall-cut").unwrap_or_default();
    }
}

/// The texts of an entry that may end early; or it is one.
fn texts_of(entry: &HtmlElement) -> Vec<HtmlElement> {
    let own = entry.has_attribute("data-lines").then(|| entry.clone());
    own.into_iter().chain(all(entry, "[data-lines]")).collect()
}

/// A property of one element. Empty: as the sheet says.
fn set(element: &HtmlElement, property: &str, value: &str) {
    let _ = element.style().set_property(property, value);
}

/// The height of a line as it is on the screen.
fn line_height(text: &HtmlElement) -> f64 {
    let style = window().get_computed_style(text).ok().flatten();
    let line = style.and_then(|style| style.get_property_value("line-height").ok());
    line.and_then(|line| line.trim_end_matches("px").parse::<f64>().ok()).unwrap_or(0.0) * drawn(text)
}

/// How much of its size an element is drawn at: a wall in a preview is drawn smaller than it is laid out.
fn drawn(element: &HtmlElement) -> f64 {
    match element.offset_height() {
        0 => 1.0,
        laid_out => height(element) / f64::from(laid_out),
    }
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
