use super::*;
use crate::board::Card;
use crate::board::tests::{board, card, member, theme};
use crate::council::{Council, CouncilView};
use crate::id::{InstanceId, ItemId, PersonId};
use crate::language::Bilingual;
use crate::member::MemberKind;
use crate::person::{Email, Identity, Role};
use crate::time::Timestamp;

/// Two members: the first has an item under each theme, the second one under the second theme and one without.
fn known() -> Known {
    let members = vec![
        member(1, MemberKind::Federal, None),
        member(2, MemberKind::Provincial, Some("QC")),
        member(3, MemberKind::Territorial, None),
    ];
    let mut board = board();
    for (n, of, themes) in [(1, 0, vec!["identity"]), (2, 0, vec!["online"]), (3, 1, vec!["online"]), (4, 1, vec![])] {
        let themes = themes.into_iter().map(|slug| ThemeId::parse(slug).expect("a theme")).collect();
        let card = Card { member: members[of].id, themes, ..card(n, "One.\nTwo.\nThree.") };
        board.cards.insert(card.item, card);
    }
    let at = Timestamp::from_millis(1);
    let email = Email::parse("a@demo.example").expect("an address");
    let identity =
        Identity { person: PersonId::new(at, &[1; 10]), name: "A".into(), email, role: Role::Council, member: None };
    let council = Council { instance: InstanceId::new(at, &[7; 10]), name: Bilingual::default() };
    let themes = vec![theme("identity"), theme("online")];
    Known::of(board, CouncilView { council, identity, editions: Vec::new(), members, themes })
}

fn start() -> Stand {
    (Place::default(), 0)
}

fn says(known: &Known, stand: &Stand) -> String {
    let number = |item: &ItemId| item.made_at().millis();
    match known.scene(&stand.0) {
        Scene::Themes(_) => format!("all {}", stand.1),
        Scene::Theme(heap) => format!("{} {}", heap.theme.map_or("-".into(), String::from), stand.1),
        Scene::Report { items, .. } => {
            format!("report of {:?} {}", items.iter().map(number).collect::<Vec<_>>(), stand.1)
        }
        Scene::Item(item) => format!("item {} {}", number(&item), stand.1),
        other => format!("{other:?} {}", stand.1),
    }
}

fn walk(known: &Known, mut stand: Stand, go: Go) -> Vec<String> {
    let mut seen = vec![says(known, &stand)];
    while let Some(next) = known.go(&stand, go) {
        stand = next;
        seen.push(says(known, &stand));
        assert!(seen.len() < 50, "it ends: {seen:?}");
    }
    seen
}

#[test]
fn a_clicker_leads_through_the_whole_board_and_back() {
    let known = known();
    let there = walk(&known, start(), Go::Forward);
    assert_eq!(there, ["all 0", "identity 0", "online 0", "online 1", "- 0"]);
    let end = known
        .go(&known.go(&start(), Go::Open).expect("a theme"), Go::Next)
        .and_then(|stand| known.go(&stand, Go::Next));
    let mut back = walk(&known, end.expect("the last theme"), Go::Back);
    back.reverse();
    assert_eq!(back[1..], there[1..]);
    assert_eq!(back[0], "all 0");
}

#[test]
fn an_item_is_opened_read_and_left_where_it_was() {
    let known = known();
    let theme = known.go(&(Place::default(), 1), Go::Open).expect("the second theme");
    let second = known.go(&theme, Go::Down).expect("two items");
    let item = known.go(&second, Go::Open).expect("an item");
    assert_eq!(walk(&known, item.clone(), Go::Down), ["item 3 0", "item 3 1", "item 3 2"]);
    assert_eq!(walk(&known, item.clone(), Go::Previous), ["item 3 0", "item 2 0"]);
    assert_eq!(known.go(&item, Go::Close), Some(second.clone()));
    assert_eq!(known.go(&second, Go::Close), Some((Place::default(), 1)));
    assert_eq!(known.go(&start(), Go::Close), None);
}

#[test]
fn the_tour_de_table_goes_by_members_who_have_something() {
    let known = known();
    let first = known.go(&start(), Go::View(View::Member)).expect("a view");
    assert_eq!(walk(&known, first.clone(), Go::Next), ["report of [1, 2] 0", "report of [3, 4] 0"]);
    assert_eq!(walk(&known, first, Go::Forward).len(), 4);
    let tour = known.tour();
    assert_eq!(tour.len(), 2);
    assert_eq!(known.floor_after(None), (Some(tour[0]), Some(tour[1])));
    assert_eq!(known.floor_after(Some(tour[0])), (Some(tour[1]), None));
    assert_eq!(known.floor_after(Some(tour[1])), (None, None));
}

#[test]
fn who_has_nothing_on_the_board_sits_at_the_table_and_the_tour_goes_on_after_them() {
    let mut known = known();
    let [first, second, silent] = [0, 1, 2].map(|n| known.council.members[n].id);
    assert_eq!(known.without_report(), [silent]);
    assert_eq!(known.floor_after(Some(silent)), (None, None), "they sit last");
    for (member, position) in known.council.members.iter_mut().zip([0, 2, 1]) {
        member.position = position;
    }
    assert_eq!(known.floor_after(Some(silent)), (Some(second), None), "they sit between the two");
    assert_eq!(known.floor_after(None), (Some(first), Some(second)));
}

#[test]
fn tables_have_rows_and_lead_to_what_the_row_is_of() {
    let known = known();
    let matrix = known.go(&start(), Go::View(View::Matrix)).expect("a view");
    assert_eq!(walk(&known, matrix.clone(), Go::Forward), ["Matrix 0", "Matrix 1"]);
    let row = known.go(&(matrix.0, 1), Go::Open).expect("a member");
    assert_eq!(says(&known, &row), "report of [3, 4] 0");
    let by_name = Place { view: View::Matrix, sort: crate::board::place::Sort::Name, ..Place::default() };
    assert_eq!(known.rows(&by_name), known.tour(), "the same on walls of both languages");
    let charts = known.go(&start(), Go::View(View::Charts)).expect("a view");
    assert_eq!(walk(&known, charts.clone(), Go::Forward), ["Charts 0", "Charts 1", "Charts 2"]);
    assert_eq!(says(&known, &known.go(&(charts.0, 2), Go::Open).expect("those without a theme")), "- 0");
}

#[test]
fn what_is_gone_or_beyond_the_end_is_no_trouble() {
    let known = known();
    let gone = Place { item: Some(ItemId::new(Timestamp::from_millis(99), &[9; 10])), ..Place::default() };
    assert!(matches!(known.scene(&gone), Scene::Themes(_)));
    assert_eq!(known.go(&(Place::default(), 9_999), Go::Up).map(|stand| stand.1), Some(1));
    let empty = Known::of(board(), known.council.clone());
    for view in View::ALL {
        let place = Place { view, ..Place::default() };
        assert_eq!(empty.go(&(place, 5), Go::Down), None, "{view:?}");
    }
}
