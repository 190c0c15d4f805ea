//! How a presenter goes on: by part, by thing, in and out. Pure, so that a clicker's two buttons lead through the whole
//! board and back.

use crate::board::place::{Place, View};
use crate::id::MemberId;
use crate::projection::scene::{Heap, Known, Scene};
use crate::theme::ThemeId;

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// Onward through everything: the next part, then the next thing. What a clicker's right button does.
    Forward,
    /// The way that it came.
    Back,
    /// The next part of what is shown.
    Down,
    /// The part before.
    Up,
    /// The next theme, member or item.
    Next,
    /// The one before.
    Previous,
    /// Into what is at the top: a theme of all, an item of a list.
    Open,
    /// Out again.
    Close,
    /// To a view, from its beginning.
    View(View),
}

/// A place, and the part of it that is at the top.
pub type Stand = (Place, usize);

impl Known {
    /// Where a step leads; none when there is nothing in that direction.
    #[must_use]
    pub fn go(&self, (place, part): &Stand, go: Go) -> Option<Stand> {
        let scene = self.scene(place);
        let last = self.parts(&scene, place) - 1;
        let part = (*part).min(last);
        match go {
            Go::Down => (part < last).then(|| (place.clone(), part + 1)),
            Go::Up => part.checked_sub(1).map(|part| (place.clone(), part)),
            Go::Next => self.beside(place, &scene, 1),
            Go::Previous => self.beside(place, &scene, -1),
            Go::Open => self.open(place, &scene, part),
            Go::Close => self.close(place, &scene),
            Go::View(view) => {
                let report = place.report.filter(|_| view == View::Member);
                Some((Place { view, report, ..Place::default() }, 0))
            }
            Go::Forward => match scene {
                Scene::Themes(_) => self.open(place, &scene, 0),
                _ => self.go(&(place.clone(), part), Go::Down).or_else(|| self.beside(place, &scene, 1)),
            },
            Go::Back => self.go(&(place.clone(), part), Go::Up).or_else(|| self.back(place, &scene)),
        }
    }

    /// The end of the thing before; from the first theme, all themes.
    fn back(&self, place: &Place, scene: &Scene) -> Option<Stand> {
        match self.beside(place, scene, -1) {
            Some((place, _)) => {
                let last = self.parts(&self.scene(&place), &place) - 1;
                Some((place, last))
            }
            None if matches!(scene, Scene::Theme(_)) => self.close(place, scene),
            None => None,
        }
    }

    fn beside(&self, place: &Place, scene: &Scene, by: isize) -> Option<Stand> {
        match scene {
            Scene::Item(item) => {
                let items = items_of(&self.list(place));
                let item = *neighbour(&items, item, by)?;
                Some((Place { item: Some(item), ..place.clone() }, 0))
            }
            Scene::Theme(heap) => {
                let themes: Vec<_> = self.heaps(&without_theme(place)).into_iter().map(|heap| heap.theme).collect();
                Some((with_theme(place, neighbour(&themes, &heap.theme, by)?.clone()), 0))
            }
            Scene::Report { member, .. } => {
                let tour = self.tour();
                let report = *neighbour(&tour, member, by)?;
                Some((Place { report: Some(report), item: None, ..place.clone() }, 0))
            }
            Scene::Themes(_) | Scene::Matrix | Scene::Charts | Scene::Trend => None,
        }
    }

    fn open(&self, place: &Place, scene: &Scene, part: usize) -> Option<Stand> {
        match scene {
            Scene::Themes(heaps) => Some((with_theme(place, heaps.get(part)?.theme.clone()), 0)),
            Scene::Matrix => {
                let report = *self.rows(place).get(part)?;
                Some((Place { view: View::Member, report: Some(report), ..Place::default() }, 0))
            }
            Scene::Charts | Scene::Trend => {
                let theme = self.themes.get(part).map(|theme| theme.id.clone());
                Some((with_theme(&Place::default(), theme), 0))
            }
            Scene::Item(_) => None,
            list => Some((Place { item: Some(*items_of(list).get(part)?), ..place.clone() }, 0)),
        }
    }

    fn close(&self, place: &Place, scene: &Scene) -> Option<Stand> {
        match scene {
            Scene::Item(item) => {
                let list = Place { item: None, ..place.clone() };
                let part = items_of(&self.list(&list)).iter().position(|other| other == item).unwrap_or(0);
                Some((list, part))
            }
            Scene::Theme(Heap { theme, .. }) => {
                let all = without_theme(place);
                let part = self.heaps(&all).iter().position(|heap| heap.theme == *theme).unwrap_or(0);
                Some((all, part))
            }
            Scene::Themes(_) => None,
            Scene::Matrix | Scene::Charts | Scene::Trend | Scene::Report { .. } => Some((Place::default(), 0)),
        }
    }

    /// Who speaks after somebody, and who after them, as the tour de table goes. Who has nothing on the board is not
    /// called by it, and may have the floor all the same: the tour goes on from their place at the table.
    #[must_use]
    pub fn floor_after(&self, speaker: Option<MemberId>) -> (Option<MemberId>, Option<MemberId>) {
        let tour = self.tour();
        let rank = |member: MemberId| self.council.member(member).map_or(u32::MAX, |member| member.position);
        let speaks = speaker.map_or(0, |speaker| {
            let own = tour.iter().position(|member| *member == speaker).map(|place| place + 1);
            own.unwrap_or_else(|| tour.iter().take_while(|member| rank(**member) <= rank(speaker)).count())
        });
        (tour.get(speaks).copied(), tour.get(speaks + 1).copied())
    }
}

fn items_of(scene: &Scene) -> Vec<crate::id::ItemId> {
    match scene {
        Scene::Theme(Heap { items, .. }) | Scene::Report { items, .. } => items.clone(),
        Scene::Themes(heaps) => heaps.iter().flat_map(|heap| heap.items.iter().copied()).collect(),
        _ => Vec::new(),
    }
}

fn with_theme(place: &Place, theme: Option<ThemeId>) -> Place {
    let mut place = Place { view: View::Columns, item: None, ..place.clone() };
    place.filter.themes = [theme].into();
    place
}

fn without_theme(place: &Place) -> Place {
    let mut place = Place { item: None, ..place.clone() };
    place.filter.themes.clear();
    place
}

fn neighbour<'a, T: PartialEq>(all: &'a [T], one: &T, by: isize) -> Option<&'a T> {
    let place = all.iter().position(|other| other == one)?;
    all.get(place.checked_add_signed(by)?)
}

#[cfg(test)]
mod tests;
