//! Web Locks: one tab leads. Where the browser has none, every tab does; `op_id` makes that harmless.

use futures::channel::oneshot;
use futures::future::{Either, select};
use std::pin::pin;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

#[wasm_bindgen]
extern "C" {
    /// `LockManager`, which web-sys still calls unstable.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, callback: &js_sys::Function) -> Result<js_sys::Promise, JsValue>;
}

/// A lock, held until this is dropped; the browser hands it to the next tab, also when this one is closed or killed.
#[must_use]
pub struct Held(Option<oneshot::Sender<()>>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            let _ = release.send(());
        }
    }
}

/// Waits until no other tab holds the lock of that name.
pub async fn hold(name: &str) -> Held {
    let navigator = super::device::window().navigator();
    let manager = js_sys::Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object);
    let Some(manager) = manager else { return Held(None) };
    let manager: LockManager = manager.unchecked_into();
    let (grant, granted) = oneshot::channel::<()>();
    let (release, released) = oneshot::channel::<()>();
    // Called when the lock is ours, and ours until the promise is kept. When nobody waits any more, `release` is
    // gone by then, and so is the lock at once.
    let callback = Closure::once_into_js(move || {
        let _ = grant.send(());
        future_to_promise(async move {
            let _ = released.await;
            Ok(JsValue::UNDEFINED)
        })
    });
    let Ok(promise) = manager.request(name, callback.unchecked_ref()) else { return Held(None) };
    match select(granted, pin!(JsFuture::from(promise))).await {
        Either::Left(_) => Held(Some(release)),
        // Refused: the page is going away.
        Either::Right(_) => Held(None),
    }
}
