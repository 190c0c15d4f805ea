//! The texts of both languages: the same places to fill in, and French as it is typeset.

use serde_json::Value;
use std::collections::BTreeMap;

fn texts(file: &str) -> BTreeMap<String, String> {
    let path = format!("{}/locales/{file}", env!("CARGO_MANIFEST_DIR"));
    let sections: BTreeMap<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
    let mut texts = BTreeMap::new();
    for (section, value) in sections {
        match value {
            Value::Object(keys) => texts.extend(
                keys.into_iter()
                    .map(|(key, text)| (format!("{section}.{key}"), text.as_str().expect("text").to_owned())),
            ),
            text => drop(texts.insert(section, text.as_str().expect("text").to_owned())),
        }
    }
    texts
}

/// What is filled in, in the order of the alphabet.
fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<_> =
        text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).map(str::trim).collect();
    places.sort_unstable();
    places
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_places() {
    let (english, french) = (texts("en.json"), texts("fr.json"));
    assert_eq!(english.keys().collect::<Vec<_>>(), french.keys().collect::<Vec<_>>());
    for (key, text) in &english {
        assert_eq!(places(text), places(&french[key]), "{key}");
    }
}

#[test]
fn french_breaks_no_line_before_a_colon_or_within_quotation_marks() {
    for (key, text) in texts("fr.json") {
        for bad in [" :", "« ", " »", " ;", " ?", " !", " %", "'", "\"", "  "] {
            assert!(!text.contains(bad), "{key}: {text}");
        }
    }
}
