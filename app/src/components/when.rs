//! What is on the screen only while something holds.

use leptos::prelude::*;

/// Shows its children while `is` holds. The framework's own `Show` is compiled once for each content, and the browser
/// downloads each; this is one for all.
#[component]
pub fn When(
    /// Whether it holds; followed.
    is: Box<dyn Fn() -> bool + Send + Sync>,
    /// Shown while it does not.
    #[prop(optional, into)]
    otherwise: ViewFn,
    /// Shown while it does.
    children: ChildrenFn,
) -> impl IntoView {
    let holds = Memo::new(move |_| is());
    move || if holds.get() { children() } else { otherwise.run() }
}
