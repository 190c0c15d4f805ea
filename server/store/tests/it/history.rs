//! The history of a field, page by page.

use crate::support::{Council, add, conflict, new_item, seq, text};
use domain::field::{FieldKey, ItemField};
use domain::limits::HISTORY_PAGE;
use domain::sync::history::Before;

/// The same words, sent again, are answered with the revision that they have, which is older than what a conflict said in
/// between: wherever a page ends, each text stands in the history once.
pub async fn a_text_that_is_said_again_hides_no_other(council: Council) {
    let (report, item) = (council.report(), new_item());
    let key = FieldKey::Item(item, ItemField::Text);
    council.take(add(item)).await;
    let first = seq(&council.take(text(item, 0, "first")).await);
    let second = seq(&council.take(text(item, first, "second")).await);
    conflict(council.take_from("phone", text(item, first, "lost in a conflict")).await);
    assert_eq!(seq(&council.take_from("phone", text(item, first, "second")).await), second, "it is there already");
    conflict(council.take_from("phone", text(item, first, "lost as well")).await);
    let mut expected: Vec<String> = ["first", "second", "lost in a conflict", "lost as well"].map(str::to_owned).into();
    let (mut places, mut last) = (Vec::new(), second);
    for n in 0..HISTORY_PAGE + 2 {
        expected.push(format!("later {n}"));
        last = seq(&council.take(text(item, last, &format!("later {n}"))).await);
        places.push(last);
    }
    // A page from one of these ends at, before or after each of the five above.
    for (n, place) in places.iter().enumerate().skip(HISTORY_PAGE - 6) {
        let (mut texts, mut before) = (Vec::new(), Before { upto: *place, skip: 0 });
        loop {
            let page = council.store.history(report, key, before).await.expect("a page");
            texts.extend(page.versions.iter().map(|version| version.value.text().expect("a text").to_owned()));
            let Some(next) = page.next else { break };
            before = next;
        }
        texts.reverse();
        assert_eq!(texts, expected[..n + 5], "from {n} on");
    }
}
