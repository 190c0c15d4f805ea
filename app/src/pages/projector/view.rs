//! The page: one scene, large, and the foot of the wall.

use super::fit::{self, Sight};
use super::room::Room;
use super::state::Stage;
use super::{cards, tables};
use crate::client::address::use_address;
use crate::client::context::use_client;
use crate::client::device;
use crate::client::live::{self, Connection};
use crate::client::wake::keep_awake;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::board::place::Place;
use domain::projection::{Known, Projection, Scene};
use domain::sync::status::Reach;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// The wall of an edition.
#[component]
pub fn Projector() -> impl IntoView {
    device::style_the_room();
    let i18n = use_texts();
    let client = use_client();
    let address = use_address();
    let current = live::looking_at(client);
    view! {
        {move || match current.get() {
            Some((person, edition)) => {
                let stage = Stage::start(client, person, edition);
                keep_awake(boxed(|| true));
                view! { <Wall stage shown=Signal::derive(move || stage.projection()) sight=RwSignal::new(Sight::default())/> }.into_any()
            }
            None => view! {
                <div class="wall wall--waiting">
                    <h1 id="page-title" tabindex="-1">{say!(i18n, titles.projector)}</h1>
                    {move || if client.identity.with(Option::is_none) {
                        view! { <p><a href=address.sign_in(words::language(i18n))>{say!(i18n, projector.sign_in)}</a></p> }.into_any()
                    } else if matches!(client.reach.get(), Reach::Unreachable | Reach::Troubled | Reach::NoRoom) {
                        view! { <p>{say!(i18n, projector.offline_empty)}</p> }.into_any()
                    } else {
                        view! { <p role="status">{say!(i18n, loading)}</p> }.into_any()
                    }}
                </div>
            }
            .into_any(),
        }}
    }
}

/// What a scene is called.
pub fn scene_title(i18n: Texts, known: &Known, scene: &Scene) -> String {
    let language = words::language(i18n);
    match scene {
        Scene::Themes(_) => text!(i18n, projector.all).to_owned(),
        Scene::Theme(heap) => cards::theme_name(i18n, known, heap.theme.as_ref()).0,
        Scene::Matrix => text!(i18n, projector.matrix).to_owned(),
        Scene::Charts => text!(i18n, projector.charts).to_owned(),
        Scene::Trend => text!(i18n, projector.trend).to_owned(),
        Scene::Report { member, .. } => {
            let member = known.council.member(*member).map(|member| member.name.get(language).to_owned());
            text!(i18n, projector.report, member = member.unwrap_or_default()).to_string()
        }
        Scene::Item(item) => known.card(*item).map(|card| card.title.clone()).unwrap_or_default(),
    }
}

/// The language of a scene's title, where a member wrote it.
pub fn title_language(known: &Known, scene: &Scene) -> Option<&'static str> {
    match scene {
        Scene::Item(item) => known.card(*item).map(|card| card.language.code()),
        _ => None,
    }
}

fn draw(i18n: Texts, stage: Stage, known: &Known, (place, part): (&Place, usize), scene: &Scene) -> AnyView {
    match scene {
        Scene::Themes(heaps) => cards::heaps(i18n, known, heaps, part),
        Scene::Theme(heap) => cards::list(i18n, known, &heap.items, part),
        Scene::Report { items, .. } => cards::list(i18n, known, items, part),
        Scene::Matrix => tables::matrix(i18n, known, place, part),
        Scene::Charts => tables::charts(i18n, known, place, part),
        Scene::Trend => tables::trend(i18n, known, stage, part),
        Scene::Item(item) => known.card(*item).map(|card| cards::item(i18n, known, card, part)).into_any(),
    }
}

/// A screen of the wall, or a presenter's picture of one.
#[component]
pub fn Wall(
    stage: Stage,
    /// What is shown: on a wall what the server says, in a preview what was pressed.
    shown: Signal<Projection>,
    /// Told what of it is in sight.
    sight: RwSignal<Sight>,
    /// Whether it is a preview: nothing in it is read out, or led to.
    #[prop(optional)]
    preview: bool,
) -> impl IntoView {
    let i18n = use_texts();
    let place = Memo::new(move |_| shown.with(Projection::where_on_board));
    let part = Memo::new(move |_| shown.with(|shown| shown.step.part()));
    let zoom = Memo::new(move |_| shown.with(|shown| shown.zoom.percent()));
    let root = NodeRef::<Div>::new();
    root.on_load(move |root| fit::watch(&root, move |seen| sight.set(seen)));
    Effect::new(move |_| {
        if place.with(|place| place.view == domain::board::place::View::Trend) {
            spawn_local_scoped_with_cancellation(stage.fetch_others());
        }
    });
    let drawn = move || {
        let Some(known) = stage.known.get() else { return (!preview).then(|| view! { <Unknown stage/> }).into_any() };
        let place = place.get();
        let scene = known.scene(&place);
        let parts = known.parts(&scene, &place);
        let part = part.get().min(parts - 1);
        let counted = (parts > 1).then(|| text!(i18n, projector.part, n = part + 1, total = parts).to_string());
        let edition = stage.edition_name(words::language(i18n));
        view! {
            <div class="wall__head">
                <p class="wall__edition">{edition}</p>
                {title(i18n, &known, &scene, preview)}
                <p class="wall__part">{counted}</p>
            </div>
            <div class="wall__scene">{draw(i18n, stage, &known, (&place, part), &scene)}</div>
        }
        .into_any()
    };
    view! {
        <div
            class="wall"
            node_ref=root
            style=("--zoom", boxed(move || format!("{}", f64::from(zoom.get()) / 100.0)))
            data-rev=boxed(move || shown.with(|shown| shown.rev))
            data-part=boxed(move || part.get())
            data-colour=boxed(move || colour(stage, &place.get()))
        >
            {drawn}
            <Room stage shown/>
        </div>
    }
}

/// A title longer than this is set smaller, so that it is whole.
const LONG: usize = 32;

fn title(i18n: Texts, known: &Known, scene: &Scene, preview: bool) -> AnyView {
    let (title, language) = (scene_title(i18n, known, scene), title_language(known, scene));
    let long = title.chars().count() > LONG;
    if preview {
        view! { <p class="wall__title" class:wall__title--long=long lang=language>{title}</p> }.into_any()
    } else {
        view! { <h1 class="wall__title" class:wall__title--long=long id="page-title" tabindex="-1" lang=language>{title}</h1> }
            .into_any()
    }
}

/// The colour of the theme that the place is narrowed to.
fn colour(stage: Stage, place: &Place) -> &'static str {
    let known = stage.known.get();
    match known.as_ref().map(|known| (known, known.scene(place))) {
        Some((known, Scene::Theme(heap))) => {
            heap.theme.as_ref().and_then(|theme| known.theme(theme)).map_or("slate", |theme| theme.colour.as_str())
        }
        _ => "spruce",
    }
}

#[component]
fn Unknown(stage: Stage) -> impl IntoView {
    let i18n = use_texts();
    let address = use_address();
    view! {
        <div class="wall--waiting">
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.projector)}</h1>
            {move || match stage.feed.connection.get() {
                Connection::Offline => view! { <p>{say!(i18n, projector.offline_empty)}</p> }.into_any(),
                Connection::SignedOut => {
                    view! { <p><a href=address.sign_in(words::language(i18n))>{say!(i18n, projector.sign_in)}</a></p> }.into_any()
                }
                _ => view! { <p role="status">{say!(i18n, projector.waiting)}</p> }.into_any(),
            }}
        </div>
    }
}
