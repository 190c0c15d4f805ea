//! The merge's named cases, its laws, and texts made to slow it down.

use super::tokens::tokens;
use super::*;
use crate::field::ContactValue;
use crate::id::ItemId;
use crate::theme::ThemeId;
use crate::time::Timestamp;
use proptest::prelude::*;
use std::time::{Duration, Instant};

#[test]
fn named_cases() {
    let base = "Le guichet ouvre. La ligne est prête. Le site suit.";
    let cases = [
        (
            "other sentences",
            base,
            "Le guichet numérique ouvre. La ligne est prête. Le site suit.",
            "Le guichet ouvre. La ligne est prête. Le site suit demain.",
            Some("Le guichet numérique ouvre. La ligne est prête. Le site suit demain."),
        ),
        ("the same change", "a b c", "a x c", "a x c", Some("a x c")),
        (
            "one added at one place what the other took out at another",
            "a. a b c.",
            "a. x b c. a",
            "a. a b c. a",
            Some("a. x b c. a"),
        ),
        ("the same word", "a b c", "a x c", "a y c", None),
        ("words that touch", "a b c", "a x c", "a b y", None),
        ("two insertions at one place", "a b", "a x b", "a y b", None),
        ("two sentences at the end", "Un.", "Un. Deux.", "Un. Trois.", None),
        ("a deletion over an edit", "a b c d", "a d", "a b x d", None),
        ("a deletion beside an edit", "a b c d e f", "c d e f", "a b c d e x", Some("c d e x")),
        (
            "paragraphs",
            "un\n\ndeux\n\ntrois",
            "un 1\n\ndeux\n\ntrois",
            "un\n\ndeux\n\ntrois 3",
            Some("un 1\n\ndeux\n\ntrois 3"),
        ),
        (
            "CRLF",
            "un\r\ndeux\r\ntrois",
            "un x\r\ndeux\r\ntrois",
            "un\r\ndeux\r\ntrois y",
            Some("un x\r\ndeux\r\ntrois y"),
        ),
        (
            "no-break spaces",
            "Coût\u{a0}: « dix » et plus",
            "Coût\u{a0}: « onze » et plus",
            "Coût\u{a0}: « dix » et plus.",
            Some("Coût\u{a0}: « onze » et plus."),
        ),
        (
            "a sentence moved by both",
            "alpha bravo. charlie delta. echo golf. hotel india.",
            "charlie delta. alpha bravo. echo golf. hotel india.",
            "charlie delta. echo golf. alpha bravo. hotel india.",
            None,
        ),
        (
            "one sentence pasted at two places",
            "un deux trois quatre",
            "un ministère deux trois quatre",
            "un deux trois ministère quatre",
            None,
        ),
    ];
    for (name, base, mine, theirs, expected) in cases {
        assert_eq!(merge(base, mine, theirs).as_deref(), expected, "{name}");
    }
}

#[test]
fn tokens_are_words_spaces_lines_and_marks() {
    let family = "👩\u{200d}👩\u{200d}👧";
    let text = format!("L’e\u{301}té,\u{a0} 12 {family}\r\n\n«fin»");
    let expected = ["L", "’", "e\u{301}té", ",", "\u{a0} ", "12", " ", family, "\r\n", "\n", "«", "fin", "»"];
    assert_eq!(tokens(&text), expected);
}

#[test]
fn themes_merge_as_sets_in_their_order() {
    let theme = |name: &str| ThemeId::parse(name).expect("a slug");
    let themes = |names: &[&str]| {
        let item = ItemId::new(Timestamp::from_millis(1), &[1; 10]);
        FieldValue::Item(item, ItemValue::Themes(names.iter().map(|name| theme(name)).collect()))
    };
    let merged = merge_values(&themes(&["a", "b"]), &themes(&["b", "mine"]), &themes(&["theirs", "a", "b"]));
    assert_eq!(merged, Some(themes(&["theirs", "b", "mine"])));
    let [many, more] = [["m1", "m2", "m3", "m4", "m5"], ["t1", "t2", "t3", "t4", "t5"]].map(|names| themes(&names));
    assert_eq!(merge_values(&themes(&[]), &many, &more), None, "more themes than an item carries");
}

#[test]
fn a_merge_over_the_fields_limit_is_none() {
    let name = |text: String| FieldValue::Contact(ContactValue::Name(text));
    let (left, right) = ("x".repeat(120), "y".repeat(120));
    let merged =
        merge_values(&name("a b c d e".into()), &name(format!("{left} b c d e")), &name(format!("a b c d {right}")));
    assert_eq!(merged, None);
    let long = "mot ".repeat(4_990);
    assert_eq!(merge(&long, &format!("{}{long}", "x".repeat(30)), &format!("{long}{}", "y".repeat(30))), None);
}

#[test]
fn one_text_covers_another_when_it_holds_its_words_in_order() {
    let name = |text: &str| FieldValue::Contact(ContactValue::Name(text.into()));
    assert!(covers(&name("un deux trois"), &name("un  trois")) && covers(&name("un"), &name("")));
    assert!(!covers(&name("un deux"), &name("deux un")) && !covers(&name("un"), &name("un un")));
}

#[test]
fn a_full_field_of_prose_merges() {
    let base = "Le service numérique avance bien cette année. ".repeat(430);
    let (mine, theirs) = (format!("Bonjour. {base}"), format!("{base}Merci."));
    assert_eq!(merge(&base, &mine, &theirs), Some(format!("Bonjour. {base}Merci.")));
}

/// Texts that make a plain diff quadratic.
#[test]
fn hostile_texts_take_bounded_time() {
    let mut seed = 7_u32;
    let mut random = |of: &[&str], longest: usize| {
        let mut text = String::new();
        while text.len() < longest {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(of[(seed >> 16) as usize % of.len()]);
        }
        text
    };
    let pairs: [&[&str]; 4] = [&["a ", "b "], &[".", "!"], &["a", " ", ".", "\n"], &["mot ", "mots ", "le ", "la "]];
    let start = Instant::now();
    for words in pairs {
        for longest in [6_000, ITEM_TEXT_CHARS - 8] {
            let [base, mine, theirs] = [(); 3].map(|()| random(words, longest));
            let _ = merge(&base, &mine, &theirs);
            let _ = merge(&"a ".repeat(longest / 2), &mine, &theirs);
            let _ = merge("", &mine, &theirs);
        }
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// Words of the languages of the council, and what keyboards add to them.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-eé]{1,3}",
        1 => prop::sample::select(vec!["e\u{301}te\u{301}", "👩\u{200d}👧", "l’accueil", "«", "»", "\u{a0}:", ",", ";"])
            .prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let space = prop::sample::select(vec![" ", " ", " ", " ", ". ", "\u{a0}", "\n", "\r\n"]);
    prop::collection::vec((word(), space), 0..14)
        .prop_map(|words| words.into_iter().map(|(word, space)| word + space).collect())
}

/// A text, and another made from it by a few changes.
fn edited(base: String) -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..3_usize, prop::option::of(word()));
    prop::collection::vec(change, 0..4).prop_map(move |changes| {
        let mut words: Vec<String> = tokens(&base).into_iter().map(str::to_owned).collect();
        for (at, gone, new) in changes {
            let at = at.index(words.len() + 1);
            let end = (at + gone).min(words.len());
            words.splice(at..end, new.into_iter().flat_map(|word| [word, " ".to_owned()]));
        }
        words.concat()
    })
}

fn three() -> impl Strategy<Value = (String, String, String)> {
    text().prop_flat_map(|base| (Just(base.clone()), edited(base.clone()), edited(base)))
}

fn counted(text: &str) -> std::collections::BTreeMap<&str, usize> {
    let mut counted = std::collections::BTreeMap::new();
    for token in tokens(text).into_iter().filter(|token| !token.trim().is_empty()) {
        *counted.entry(token).or_default() += 1;
    }
    counted
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_joined_are_the_text(text in any::<String>()) {
        prop_assert_eq!(tokens(&text).concat(), text);
    }

    #[test]
    fn a_change_of_one_side_is_that_side((base, mine, _) in three()) {
        prop_assert_eq!(merge(&base, &mine, &base), Some(mine.clone()));
        prop_assert_eq!(merge(&base, &base, &mine), Some(mine.clone()));
        prop_assert_eq!(merge(&base, &mine, &mine), Some(mine));
    }

    #[test]
    fn the_order_of_the_sides_does_not_matter((base, mine, theirs) in three()) {
        prop_assert_eq!(merge(&base, &mine, &theirs), merge(&base, &theirs, &mine));
    }

    /// What either side added to the words of the base is there, and no more of a word than both added together.
    #[test]
    fn no_word_is_lost_and_none_is_doubled((base, mine, theirs) in three()) {
        if let Some(merged) = merge(&base, &mine, &theirs) {
            let words = tokens(&base);
            // A side may take a word out at one place and put it in at another, where the other side put it in too.
            let taken_out = |side: &str, word: &str| {
                let places = changes(&words, &tokens(side)).into_iter().flat_map(|change| change.base);
                places.filter(|place| words[*place] == word).count()
            };
            let removed_by = |word: &str| taken_out(&mine, word) + taken_out(&theirs, word);
            let [base, mine, theirs, merged] = [&base, &mine, &theirs, &merged].map(|text| counted(text));
            let of = |text: &std::collections::BTreeMap<&str, usize>, word: &str| text.get(word).copied().unwrap_or(0);
            for word in mine.keys().chain(theirs.keys()).chain(merged.keys()) {
                let [b, m, t, got] = [of(&base, word), of(&mine, word), of(&theirs, word), of(&merged, word)];
                prop_assert!(got + b <= m + t || got <= m.max(t), "{word} is doubled");
                prop_assert!(got + removed_by(word) >= m.max(t), "{word} is lost");
            }
        }
    }

    #[test]
    fn merging_the_merge_again_changes_nothing((base, mine, theirs) in three()) {
        if let Some(merged) = merge(&base, &mine, &theirs) {
            prop_assert_eq!(merge(&mine, &merged, &mine), Some(merged.clone()));
            prop_assert_eq!(merge(&base, &merged, &merged), Some(merged.clone()));
        }
    }

    #[test]
    fn changes_in_different_sentences_merge(words in prop::collection::vec("[a-z]{2,6}", 9..30), at in any::<prop::sample::Index>()) {
        let sentences: Vec<String> = words.chunks(3).map(|words| words.join(" ")).collect();
        let first = at.index(sentences.len() - 1);
        let change = |n: usize, new: &str| {
            let mut changed = sentences.clone();
            changed[n] = new.to_owned();
            changed.join(". ")
        };
        let both = {
            let mut changed = sentences.clone();
            changed[first] = "MINE HERE".into();
            changed[first + 1] = "THEIRS THERE".into();
            changed.join(". ")
        };
        let merged = merge(&sentences.join(". "), &change(first, "MINE HERE"), &change(first + 1, "THEIRS THERE"));
        prop_assert_eq!(merged, Some(both));
    }
}
