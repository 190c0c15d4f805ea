//! The protocol's documentation names the test that holds each guarantee: they are all there.

use std::fs;
use std::path::Path;

const DOCUMENT: &str = include_str!("../../../docs/sync.md");

/// Every test file of the repository, one after the other.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !matches!(name, "node_modules" | "target" | "test-results") {
            sources(&path, text);
        } else if name.ends_with(".rs") || name.ends_with(".spec.ts") {
            text.push_str(&fs::read_to_string(&path).expect("a text"));
        }
    }
}

#[test]
fn every_test_that_is_named_here_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut text = String::new();
    for folder in ["app", "server", "end2end"] {
        sources(&root.join(folder), &mut text);
    }
    let table = DOCUMENT.split("## Guarantees").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the table");
    let held_by = table.lines().filter_map(|line| line.split('|').nth(2)).skip(2);
    let names: Vec<&str> = held_by.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    assert!(names.len() > 25, "{names:?}");
    for name in names {
        let rust = [format!("fn {name}("), format!("\"{name}\""), format!("{name},\n")];
        let browser = [format!("test('{name}'"), format!("test(`{name}`")];
        let there = rust.iter().chain(&browser).any(|form| text.contains(form.as_str()));
        assert!(there, "docs/sync.md names a test that is not there: {name}");
    }
}
