//! Web Locks: one tab at a time sends. Where the browser has none, every tab does; `op_id` makes that harmless.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

#[wasm_bindgen]
extern "C" {
    /// `LockManager`, which web-sys still calls unstable.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, callback: &js_sys::Function) -> Result<js_sys::Promise, JsValue>;
}

/// Runs `work` while holding the lock of that name; waits for other tabs first.
pub async fn exclusively<T: 'static>(name: &str, work: impl Future<Output = T> + 'static) -> Option<T> {
    let navigator = super::device::window().navigator();
    let manager = js_sys::Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object);
    let Some(manager) = manager else { return Some(work.await) };
    let manager: LockManager = manager.unchecked_into();
    let done: Rc<RefCell<Option<T>>> = Rc::default();
    let told = Rc::clone(&done);
    let held = Closure::once(move || {
        future_to_promise(async move {
            told.replace(Some(work.await));
            Ok(JsValue::UNDEFINED)
        })
    });
    if let Ok(promise) = manager.request(name, held.as_ref().unchecked_ref()) {
        let _ = JsFuture::from(promise).await;
    }
    done.take()
}
