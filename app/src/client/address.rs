//! The address bar: which page it names, links that do not load the page anew, and the back button.

use super::device::window;
use crate::routes::{self, Page};
use domain::language::Language;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

/// In the query of the sign-in page: where to go then.
const BACK: &str = "back";

/// The path and the query that the address bar shows.
#[derive(Clone, Copy)]
pub struct Address {
    /// For example `/fr/rapport`.
    pub path: RwSignal<String>,
    /// For example `?section=priorities`, or nothing.
    pub query: RwSignal<String>,
}

impl Address {
    /// Follows the address bar for as long as the page lives.
    #[must_use]
    pub fn follow() -> Self {
        let address = Self { path: RwSignal::new(String::new()), query: RwSignal::new(String::new()) };
        address.read();
        window_event_listener_untyped("popstate", move |_| address.read());
        let click = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| address.click(&event));
        if let Some(document) = window().document() {
            let _ = document.add_event_listener_with_callback("click", click.as_ref().unchecked_ref());
        }
        click.forget();
        address
    }

    /// Goes to a page of the app. The way back leads here, unless `replace`.
    pub fn go(self, to: &str, replace: bool) {
        if let Ok(history) = window().history() {
            let _ = if replace {
                history.replace_state_with_url(&JsValue::NULL, "", Some(to))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(to))
            };
        }
        self.read();
    }

    /// One value of the query.
    #[must_use]
    pub fn query_value(self, name: &str) -> Option<String> {
        let query = self.query.get();
        let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    /// The way to sign in, and from there back to where the person is.
    #[must_use]
    pub fn sign_in(self, language: Language) -> String {
        let here = format!("{}{}", self.path.get(), self.query.get());
        format!("{}?{BACK}={}", Page::SignIn.path(language), js_sys::encode_uri_component(&here))
    }

    /// Where somebody who signs in came from; none when that is no page to come back to.
    #[must_use]
    pub fn back(self, language: Language) -> Option<String> {
        let back = String::from(js_sys::decode_uri_component(&self.query_value(BACK)?).ok()?);
        let (path, query) = back.split_at(back.find('?').unwrap_or(back.len()));
        match routes::parse(path).1 {
            Page::NotFound | Page::Home | Page::SignIn => None,
            page => Some(format!("{}{query}", page.path(language))),
        }
    }

    fn read(self) {
        let location = window().location();
        let (path, query) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
        if self.query.with_untracked(|now| *now != query) {
            self.query.set(query);
        }
        if self.path.with_untracked(|now| *now != path) {
            self.path.set(path);
        }
    }

    /// A plain click on a link to one of the app's pages stays in the app. A link that keeps the place (the
    /// language switch) does not scroll.
    fn click(self, event: &MouseEvent) {
        let plain =
            event.button() == 0 && !event.meta_key() && !event.ctrl_key() && !event.shift_key() && !event.alt_key();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        let href = link.get_attribute("href").unwrap_or_default();
        if !plain || event.default_prevented() || link.has_attribute("target") || !href.starts_with('/') {
            return;
        }
        event.prevent_default();
        self.go(&href, false);
        if !link.has_attribute("data-keep-place") {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }
}

/// The address bar.
#[must_use]
pub fn use_address() -> Address {
    expect_context::<Address>()
}
