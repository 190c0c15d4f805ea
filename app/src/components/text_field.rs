//! A labelled one-line field with its message.

use crate::words::boxed;
use leptos::prelude::*;

/// A labelled input. `error` is said with the field, in words.
#[component]
pub fn TextField(
    /// The input's id.
    #[prop(into)]
    id: String,
    /// The visible label.
    #[prop(into)]
    label: Signal<String>,
    /// The value on the screen.
    #[prop(into)]
    value: Signal<String>,
    /// Called with what was typed.
    on_input: Callback<String>,
    /// `text`, `email`, `tel` or `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// The browser's hint for filling it in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What is wrong with the value.
    #[prop(into, default = Signal::stored(None))]
    error: Signal<Option<String>>,
    /// The language of what is written in it, when it is a member's text.
    #[prop(into, default = Signal::stored(None))]
    lang: Signal<Option<&'static str>>,
) -> impl IntoView {
    let message = format!("{id}-error");
    let described = {
        let message = message.clone();
        move || error.with(Option::is_some).then(|| message.clone())
    };
    view! {
        <div class="field" class:field--wrong=boxed(move || error.with(Option::is_some))>
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type=kind
                autocomplete=autocomplete
                lang=lang
                prop:value=value
                aria-invalid=boxed(move || error.with(Option::is_some).then_some("true"))
                aria-describedby=described
                on:input=move |event| on_input.run(event_target_value(&event))
            />
            {move || error.get().map(|text| view! { <p class="field__error" id=message.clone()>{text}</p> }.into_any())}
        </div>
    }
}
