//! The browser's clock, randomness and small services.

use crate::routes::ROOM_STYLE;
use domain::id::{Entropy, OpId};
use domain::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The window; every browser page has one.
#[must_use]
pub fn window() -> web_sys::Window {
    web_sys::window().expect("a page runs in a window")
}

/// The device's clock: for ids and waits only, never for order.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit until long after")]
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// Random bytes for one id.
#[must_use]
pub fn entropy() -> Entropy {
    let mut bytes = Entropy::default();
    let drawn = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).map(|_| ()));
    if drawn.is_err() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "one byte is wanted")]
        bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes
}

/// A new operation id.
#[must_use]
pub fn op_id() -> OpId {
    OpId::new(now(), &entropy())
}

/// A cookie that only says that the browser has not been closed since somebody signed in. The session's own cannot
/// be read from here.
const OPEN: &str = "roundtable-open=1";

/// Notes that somebody signed in since the browser was opened.
pub fn note_open() {
    if let Some(document) = html_document() {
        let _ = document.set_cookie(&format!("{OPEN}; path=/; samesite=strict"));
    }
}

/// Whether the browser has stayed open since somebody signed in.
#[must_use]
pub fn is_still_open() -> bool {
    html_document().and_then(|document| document.cookie().ok()).is_some_and(|cookies| cookies.contains(OPEN))
}

fn html_document() -> Option<web_sys::HtmlDocument> {
    window().document()?.dyn_into().ok()
}

/// Asks the browser to keep what is stored here. `None` when it does not know how.
pub async fn persist() -> Option<bool> {
    let promise = window().navigator().storage().persist().ok()?;
    JsFuture::from(promise).await.ok()?.as_bool()
}

/// Puts a text on the clipboard.
///
/// # Errors
/// When the browser does not allow it.
pub async fn copy(text: &str) -> Result<(), JsValue> {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.map(|_| ())
}

/// Offers a text as a file to keep.
///
/// # Errors
/// When the browser cannot make one.
pub fn download(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(&format!("{kind};charset=utf-8"));
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let document = window().document().ok_or(JsValue::NULL)?;
    let anchor: web_sys::HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    web_sys::Url::revoke_object_url(&url)
}

/// The style sheet of the board, the wall and its remote control applies from now on. A visit that began elsewhere has it already.
pub fn style_the_room() {
    let sheet = window().document().and_then(|document| document.get_element_by_id(ROOM_STYLE));
    sheet.inspect(|sheet| drop(sheet.remove_attribute("media")));
}

/// Shows what is typed in a field for a secret, or hides it again. The field stays as it is: focus, caret and words.
pub fn reveal(id: &str, shown: bool) {
    if let Some(field) = window().document().and_then(|document| document.get_element_by_id(id)) {
        // The name is a valid one, which is all that could be refused.
        let _ = field.set_attribute("type", if shown { "text" } else { "password" });
    }
}

/// Gives the focus to an element, after the screen has been drawn.
pub fn focus_later(id: String) {
    leptos::prelude::request_animation_frame(move || {
        let element = window().document().and_then(|document| document.get_element_by_id(&id));
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Leads to an element: gives it the focus, which brings it into sight where it is not. While something that stands
/// outside `within` has the focus, it only comes into sight.
pub fn lead_to(selector: &str, within: &str) {
    let Some(document) = window().document() else { return };
    let Some(element) = document.query_selector(selector).ok().flatten() else { return };
    let is_free =
        |focused: web_sys::Element| focused.tag_name() == "BODY" || focused.closest(within).ok().flatten().is_some();
    match element.dyn_into::<web_sys::HtmlElement>() {
        Ok(element) if document.active_element().is_none_or(is_free) => drop(element.focus()),
        Ok(element) => element.scroll_into_view(),
        Err(_) => {}
    }
}

/// Whether the element has the focus.
#[must_use]
pub fn has_focus(id: &str) -> bool {
    let focused = window().document().and_then(|document| document.active_element());
    focused.is_some_and(|element| element.id() == id)
}

/// Whether the page is in front of the person.
#[must_use]
pub fn is_visible() -> bool {
    window().document().is_none_or(|document| !document.hidden())
}
