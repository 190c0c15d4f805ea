//! The browser's entry: mounts the app.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the loader when the module is ready.
#[wasm_bindgen(start)]
pub fn start() {
    // The release aborts at once and calls no hook.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::app::App);
}
