//! What the wall shows, in words; and the buttons that lead it on.

use super::remote::{Remote, ZOOM};
use crate::client::live::Connection;
use crate::components::when::When;
use crate::pages::projector::cards::theme_name;
use crate::pages::projector::fit::Sight;
use crate::pages::projector::view::{Wall, scene_title, title_language};
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::board::place::{Place, View};
use domain::projection::{Go, Heap, Known, KnownCommand, Scene, Zoom, parts};
use leptos::prelude::*;

/// So many characters of a text's part say which it is.
const BEGINNING: usize = 60;

/// A text, and its language where a member wrote it.
type Said = (String, Option<&'static str>);

/// What stands at the top of the wall: an item of a list by its title, a row by its name, a text's part by its beginning;
/// else nothing more than the scene.
fn at_top(i18n: Texts, known: &Known, scene: &Scene, (place, part): (&Place, usize)) -> Option<Said> {
    let item = match scene {
        Scene::Theme(Heap { items, .. }) | Scene::Report { items, .. } => items.get(part)?,
        Scene::Matrix => {
            let member = known.council.member(*known.rows(place).get(part)?)?;
            return Some((member.short.get(words::language(i18n)).to_owned(), None));
        }
        Scene::Charts | Scene::Trend => {
            let theme = known.themes.get(part).map(|theme| &theme.id);
            return Some((theme_name(i18n, known, theme).0, None));
        }
        Scene::Item(item) if part > 0 => {
            let card = known.card(*item)?;
            let text = parts(&card.text).get(part)?.text.chars().take(BEGINNING).collect::<String>();
            return Some((format!("{}…", text.trim_end()), Some(card.language.code())));
        }
        Scene::Item(_) | Scene::Themes(_) => return None,
    };
    known.card(*item).map(|card| (card.title.clone(), Some(card.language.code())))
}

fn said(i18n: Texts, known: &Known, (place, part): &(Place, usize)) -> (Said, Option<Said>, usize, usize) {
    let scene = known.scene(place);
    let parts = known.parts(&scene, place);
    let part = (*part).min(parts - 1);
    let title = (scene_title(i18n, known, &scene), title_language(known, &scene));
    (title, at_top(i18n, known, &scene, (place, part)), part, parts)
}

/// What the wall shows now and what comes next.
#[component]
pub fn Preview(
    remote: Remote,
    /// Told what of it a wall has in sight.
    sight: RwSignal<Sight>,
) -> impl IntoView {
    let i18n = use_texts();
    // Drawn after what was pressed is on its way: the room comes first.
    let drawn = RwSignal::new(remote.wanted.get_untracked());
    Effect::new(move |_| {
        let wanted = remote.wanted.get();
        request_animation_frame(move || drop(drawn.try_set(wanted)));
    });
    let now = move || {
        let known = remote.stage.known.get()?;
        let (title, top, part, parts) = said(i18n, &known, &remote.stand());
        let counted = (parts > 1).then(|| text!(i18n, projector.part, n = part + 1, total = parts).to_string());
        let top = top.map(|(title, language)| view! { <p class="preview__top" lang=language>{title}</p> });
        Some(
            view! { <p class="preview__title" lang=title.1>{title.0}</p><p class="preview__part">{counted}</p>{top} }
                .into_any(),
        )
    };
    let then = move || {
        let known = remote.stage.known.get()?;
        let Some(stand) = known.go(&remote.stand(), Go::Forward) else {
            return Some(text!(i18n, presenter.end).to_owned().into_any());
        };
        let (title, top, ..) = said(i18n, &known, &stand);
        let (what, language) = top.unwrap_or(title);
        Some(view! { {text!(i18n, presenter.then)}" "<span lang=language>{what}</span> }.into_any())
    };
    let state = move || match remote.stage.feed.connection.get() {
        Connection::Offline | Connection::SignedOut => text!(i18n, presenter.lost),
        _ if remote.sending.get() => text!(i18n, presenter.sending),
        _ => text!(i18n, presenter.shown),
    };
    view! {
        <section class="preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{say!(i18n, presenter.on_wall)}</h2>
            <div class="preview__frame" aria-hidden="true" inert>
                <Wall stage=remote.stage shown=drawn.into() sight preview=true/>
            </div>
            <div class="preview__now">{now}</div>
            <p class="preview__then">{then}</p>
            <p class="preview__state">{state}</p>
        </section>
    }
}

/// The buttons. What leads nowhere is said to be so and stays where the finger expects it.
#[component]
pub fn Drive(
    remote: Remote,
    /// What of the wall is in sight at this size.
    sight: RwSignal<Sight>,
) -> impl IntoView {
    let i18n = use_texts();
    let leads = move |go: Go| {
        let stand = remote.stand();
        remote.presents() && remote.stage.known.get().is_some_and(|known| known.go(&stand, go).is_some())
    };
    let button =
        move |id: &'static str, class: &'static str, go: Go, label: Box<dyn Fn() -> &'static str + Send + Sync>| {
            view! {
                <button
                    type="button"
                    id=id
                    class=class
                    aria-disabled=boxed(move || (!leads(go)).then_some("true"))
                    on:click=move |_| if leads(go) { remote.go(go) }
                >
                    {label}
                </button>
            }
        };
    let view_name = move |view: View| {
        boxed(move || match view {
            View::Columns => text!(i18n, presenter.columns),
            View::Matrix => text!(i18n, presenter.matrix),
            View::Charts => text!(i18n, presenter.charts),
            View::Trend => text!(i18n, presenter.trend),
            View::Member => text!(i18n, presenter.tour),
        })
    };
    let views = View::ALL.map(|view| {
        let current = move || remote.wanted.with(|wanted| wanted.where_on_board().view == view);
        view! {
            <button
                type="button"
                class="button"
                data-view=view.as_str()
                aria-pressed=boxed(move || current().to_string())
                on:click=move |_| remote.go(Go::View(view))
            >
                {view_name(view)}
            </button>
        }
    });
    let percent = move || remote.wanted.with(|wanted| wanted.zoom.percent());
    view! {
        <fieldset class="remote__group remote__drive">
            <legend>{say!(i18n, presenter.drive)}</legend>
            {button("back", "button remote__big", Go::Back, say!(i18n, presenter.back))}
            {button("forward", "button button--primary remote__big", Go::Forward, say!(i18n, presenter.forward))}
            {button("previous", "button", Go::Previous, say!(i18n, presenter.previous))}
            {button("next", "button", Go::Next, say!(i18n, presenter.next))}
            {button("up", "button", Go::Up, say!(i18n, presenter.up))}
            {button("down", "button", Go::Down, say!(i18n, presenter.down))}
            {button("close", "button", Go::Close, say!(i18n, presenter.close))}
            {button("open", "button", Go::Open, say!(i18n, presenter.open))}
        </fieldset>
        <fieldset class="remote__group">
            <legend>{say!(i18n, presenter.views)}</legend>
            <div class="actions">{views}</div>
        </fieldset>
        <fieldset class="remote__group">
            <legend>{say!(i18n, presenter.size)}</legend>
            <p class="remote__sight">{move || {
                let Sight { shown, more } = sight.get();
                (shown > 0).then(|| text!(i18n, presenter.in_sight, n = shown, more = more).to_string())
            }}</p>
            <div class="actions">
                <button type="button" id="smaller" class="button" on:click=move |_| remote.zoom(-ZOOM)>{say!(i18n, presenter.smaller)}</button>
                <button type="button" id="larger" class="button" on:click=move |_| remote.zoom(ZOOM)>{say!(i18n, presenter.larger)}</button>
                <When is=boxed(move || percent() != 100)>
                    <button type="button" id="usual" class="button" on:click=move |_| remote.press(KnownCommand::Zoom { percent: Zoom::default() })>
                        {say!(i18n, presenter.usual, percent = percent())}
                    </button>
                </When>
            </div>
        </fieldset>
    }
}
