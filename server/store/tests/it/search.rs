//! Finding cards by their words.

use crate::support::{Council, contact, new_item, operation, seq, text, title};
use domain::board::found::{Found, Hit, Piece};
use domain::field::{FieldValue, ItemValue};
use domain::id::{EditionId, ItemId};
use domain::language::Language;
use domain::position::Position;
use domain::section::Section;
use domain::sync::op::KnownChange;
use store::SearchQuery;

/// Submits items of a language, title and text, and returns them.
async fn submit(council: &Council, language: Language, items: &[(&str, &str)]) -> Vec<ItemId> {
    let mut changes: Vec<KnownChange> = contact().into();
    let mut made = Vec::new();
    for (heading, words) in items {
        let item = new_item();
        let (section, position) = (Section::Priorities, Position::first());
        changes.push(KnownChange::AddItem { item, section, position, language });
        changes.extend([title(item, heading), text(item, 0, words)]);
        made.push(item);
    }
    changes.push(KnownChange::Submit {});
    let operations = changes.into_iter().map(|change| operation(council.report(), change)).collect();
    council.push(operations).await;
    made
}

async fn found_in(council: &Council, words: &str, edition: Option<EditionId>) -> Found {
    let query = SearchQuery::parse(words).expect("words");
    council.store.search(&query, edition, 50).await.expect("what was found")
}

/// What a query finds, of these items only: the demonstration has its own.
async fn found(council: &Council, words: &str, among: &[ItemId]) -> Vec<ItemId> {
    let found = found_in(council, words, Some(council.report().edition)).await;
    found.hits.into_iter().map(|hit| hit.item).filter(|item| among.contains(item)).collect()
}

fn shown(pieces: &[Piece]) -> String {
    pieces.iter().map(|Piece { text, hit }| if *hit { format!("[{text}]") } else { text.clone() }).collect()
}

pub async fn accents_stems_and_both_languages(council: Council) {
    let french = [("Identité xénophile", "Les zébrures réglées d’un service"), ("Guichet", "Des zébrés y trônent")];
    let french = submit(&council, Language::Fr, &french).await;
    let english = [("Zebra crossing services", "Xenophile identities, and others"), ("Wicket", "A trône")];
    let english = submit(&council, Language::En, &english).await;
    let all = [french.clone(), english.clone()].concat();
    let cases: [(&str, &[ItemId]); 14] = [
        ("xénophile", &[french[0], english[0]]),
        ("XENOPHILE", &[french[0], english[0]]),
        ("xénophiles identités", &[french[0]]),
        ("xénophile identités services", &[french[0]]),
        ("xenophiles identity service", &[english[0]]),
        ("l'identité xénophile réglée", &[french[0]]),
        ("regle l’identite des xenophiles", &[french[0]]),
        ("xenophile identity of the service", &[english[0]]),
        ("trone wicket", &[english[1]]),
        ("tronent", &[french[1]]),
        ("xénophile guichet", &[]),
        ("xeno", &[french[0]]),
        ("zebr cross", &[english[0]]),
        ("introuvablement", &[]),
    ];
    for (words, expected) in cases {
        let mut hits = found(&council, words, &all).await;
        hits.sort();
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(hits, expected, "{words}");
    }
}

pub async fn a_title_counts_more_and_what_was_looked_for_is_marked(council: Council) {
    let long = format!("{} un kayak jaune {}", "Avant. ".repeat(40), "Après. ".repeat(40));
    let items = [("Autre chose", long.as_str()), ("Le kayak", "Rien"), ("Autre", "kayaks et kayak")];
    let items = submit(&council, Language::Fr, &items).await;
    let found = found_in(&council, "kayaks", Some(council.report().edition)).await;
    let order: Vec<ItemId> = found.hits.iter().map(|hit| hit.item).collect();
    assert_eq!(order, [items[1], items[2], items[0]]);
    assert!(found.hits.is_sorted_by_key(|hit| std::cmp::Reverse(hit.score)));
    assert_eq!((found.total, found.more), (3, false));
    let Hit { title, excerpt, language, member, edition, .. } = &found.hits[2];
    assert_eq!((*language, *member, *edition), (Language::Fr, council.report().member, council.report().edition));
    assert_eq!(shown(title), "Autre chose");
    assert!(shown(excerpt).starts_with("…") && shown(excerpt).ends_with("…"));
    assert!(shown(excerpt).contains("un [kayak] jaune"), "{}", shown(excerpt));
    assert_eq!(shown(&found.hits[0].title), "Le [kayak]");
    let query = SearchQuery::parse("kayak").expect("words");
    let first = council.store.search(&query, None, 1).await.expect("what was found");
    assert_eq!((first.hits.len(), first.total), (1, 3), "the limit is of what is shown");
}

pub async fn what_is_withdrawn_amended_or_deleted_is_found_no_more(council: Council) {
    let items = submit(&council, Language::Fr, &[("Kayak", "pagaie"), ("Canot", "pagaie")]).await;
    assert_eq!(found(&council, "pagaie", &items).await.len(), 2);
    let deleted = FieldValue::Item(items[1], ItemValue::Deleted(true));
    let base_rev = council.rev(items[1], |item| item.deleted.rev).await;
    seq(&council.take(KnownChange::Set { base_rev, value: deleted }).await);
    let base_rev = council.rev(items[0], |item| item.text.rev).await;
    seq(&council.take(text(items[0], base_rev, "aviron")).await);
    assert_eq!(found(&council, "pagaie", &items).await.len(), 2, "the council has what was submitted");
    council.take(KnownChange::Submit {}).await;
    assert_eq!(found(&council, "pagaie", &items).await, [], "amended and deleted");
    assert_eq!(found(&council, "aviron", &items).await, [items[0]]);
    council.take(KnownChange::Withdraw {}).await;
    for words in ["aviron", "kayak", "pagaie"] {
        assert_eq!(found(&council, words, &items).await, [], "{words}");
    }
}

pub async fn an_edition_is_searched_alone_or_all_of_them(council: Council) {
    let here = council.report().edition;
    let all = found_in(&council, "services", None).await;
    let editions: std::collections::BTreeSet<_> = all.hits.iter().map(|hit| hit.edition).collect();
    assert_eq!((all.hits.len(), editions.len()), (50, 3), "the demonstration has three");
    assert!(all.total > 50);
    let languages: std::collections::BTreeSet<_> = all.hits.iter().map(|hit| hit.language).collect();
    assert_eq!(languages.len(), 2, "one word of both languages");
    let one = found_in(&council, "services", Some(here)).await;
    assert!(one.total < all.total && one.hits.iter().all(|hit| hit.edition == here));
    let nowhere = EditionId::new(store::now(), &store::entropy());
    assert_eq!(found_in(&council, "services", Some(nowhere)).await.total, 0);
}

pub async fn a_word_of_very_many_cards_is_found_in_titles_first_and_says_that_there_are_more(council: Council) {
    let edition = council.report().edition;
    council.store.load_crowd(edition, 1_200).await.expect("a crowd");
    let many = found_in(&council, "services", Some(edition)).await;
    assert!(many.more && many.total >= 100, "{}", many.total);
    assert_eq!(many.hits.len(), 50);
    assert!(many.hits.iter().all(|hit| hit.title.iter().any(|piece| piece.hit)), "{:?}", many.hits);
    let few = found_in(&council, "services 1199", Some(edition)).await;
    assert!(!few.more && few.total <= 1, "exact where few have the words");
}

#[test]
fn a_query_has_a_word_and_an_end() {
    let long = "é".repeat(201);
    for bad in ["", "  ", "«»", "'; --", long.as_str()] {
        assert!(SearchQuery::parse(bad).is_err(), "{bad}");
    }
    assert!(SearchQuery::parse(&format!("  {}  ", "é".repeat(200))).is_ok());
}
