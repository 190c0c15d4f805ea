//! The demonstration council.

use crate::support::{Council, sign_in};
use domain::member::{MemberKind, check_membership};
use domain::person::{Email, Role};
use domain::section::Section;
use store::DemoLoaded;

pub async fn it_is_a_whole_council_and_loads_only_once(council: Council) {
    let view = &council.view;
    let count = |kind| view.members.iter().filter(|member| member.kind == kind).count();
    assert_eq!(count(MemberKind::Federal), 1);
    assert_eq!((count(MemberKind::Provincial), count(MemberKind::Territorial)), (10, 3));
    assert_eq!((count(MemberKind::Umbrella), count(MemberKind::Municipal)), (1, 50));
    assert_eq!(check_membership(&view.members), Ok(()));
    assert_eq!((view.editions.len(), view.themes.len()), (3, 4));
    assert_eq!(view.editions.iter().filter(|edition| edition.is_open()).count(), 1);

    let mut cards = Vec::new();
    for edition in &view.editions {
        cards.extend(council.store.board(edition.id).await.expect("a board").cards.into_values());
    }
    assert!(cards.len() > 280, "{}", cards.len());
    assert!(Section::ALL.iter().all(|section| cards.iter().any(|card| card.section == *section)));
    assert!(cards.iter().any(|card| card.themes.is_empty()) && cards.iter().any(|card| card.themes.len() == 2));
    assert_eq!(council.store.load_demo().await.expect("an answer"), DemoLoaded::NotEmpty);
}

pub async fn its_people_sign_in_and_nobody_else_does(council: Council) {
    assert_eq!(sign_in(&council.store, "qc").await.role, Role::Member);
    assert_eq!(sign_in(&council.store, "observer").await.role, Role::Observer);
    let federal = council.store.person(council.federal.person).await.expect("an answer");
    assert_eq!(federal.as_ref(), Some(&council.federal));
    for (email, passphrase) in [("qc@demo.example", "wrong"), ("nobody@demo.example", "tour-de-table")] {
        let answer = council.store.authenticate(Email::parse(email).ok(), passphrase.to_owned(), ()).await;
        assert_eq!(answer.expect("an answer"), None, "{email}");
    }
    let accounts = council.store.accounts().await.expect("counts");
    assert!(accounts.demo > 60 && accounts.others == 0, "{accounts:?}");
    let answer = council.store.authenticate(None, "tour-de-table".to_owned(), ()).await;
    assert_eq!(answer.expect("an answer"), None);
}
