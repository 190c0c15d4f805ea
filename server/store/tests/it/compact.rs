//! The bounded history: what a device that was away bases on is there still.

use crate::support::{Council, add, conflict, contact, known, new_item, on, operation, seq, sign_in, text, title};
use domain::field::{FieldKey, ItemField};
use domain::id::ItemId;
use domain::sync::history::{Before, HistoryPage};
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::Rev;
use domain::time::Timestamp;

const DAY: i64 = 86_400_000;

/// Every text of the field that is somewhere in the log, as a backup of it has it.
async fn texts_in_the_log(council: &Council) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup");
    council.store.back_up(&file, |_| ()).await.expect("a backup, which is held against the chain");
    let mut text = Vec::new();
    brotli::BrotliDecompress(&mut std::fs::File::open(&file).expect("the file"), &mut text).expect("brotli");
    let text = String::from_utf8(text).expect("UTF-8");
    let found = |words: &str| text.contains(&format!("{words}\\\""));
    ["early", "middle", "late"]
        .iter()
        .flat_map(|words| (0..130).map(move |n| format!("{words} {n}")))
        .filter(|words| found(words))
        .collect()
}

async fn versions(council: &Council, key: FieldKey) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), Before::END);
    loop {
        let page: HistoryPage = council.store.history(council.report(), key, before).await.expect("a page");
        found.extend(page.versions.iter().map(|version| version.value.text().expect("a text").to_owned()));
        let Some(next) = page.next else { return found };
        before = next;
    }
}

/// Writes one text after the other, and returns the operations and the last revision. Nobody else writes, so the
/// revision that each will get is known.
async fn write(council: &Council, item: ItemId, base: Rev, words: &str) -> (Vec<Operation>, Rev) {
    let head = council.store.head().await.expect("the sequence");
    let base_of = |n: u64| if n == 0 { base } else { head + n };
    let one = |n| operation(council.report(), text(item, base_of(n), &format!("{words} {n}")));
    let written: Vec<_> = (0..130).map(one).collect();
    let answers = council.store.push_from(council.federal.clone(), on("busy"), written.clone()).await.expect("answers");
    (written, answers.into_iter().map(|answer| seq(&known(answer))).next_back().expect("many"))
}

pub async fn a_device_that_was_away_still_gets_its_base_and_the_rest_is_bounded(council: Council) {
    let (report, item) = (council.report(), new_item());
    let key = FieldKey::Item(item, ItemField::Text);
    for change in contact().into_iter().chain([add(item), title(item, "Guichet")]) {
        council.take(change).await;
    }
    let (early, base) = write(&council, item, 0, "early").await;
    let colleague = sign_in(&council.store, "federal.2").await;
    let told = council.store.draft(report).await.expect("the draft").seq;
    council.store.tell(report, colleague.person, "tablet".to_owned(), told).await.expect("noted");
    let (_, base_of_submission) = write(&council, item, base, "middle").await;
    council.take(KnownChange::Submit {}).await;
    let between = seq(&council.take_from("phone", text(item, base_of_submission, "between")).await);
    conflict(council.take_from("phone", text(item, base - 5, "lost on the way")).await);
    council.take_from("phone", text(item, between, "the phone's last")).await;
    let head = council.store.head().await.expect("the sequence");
    let (_, last) = write(&council, item, head, "late").await;

    let later = Timestamp::from_millis(store::now().millis() + 30 * DAY);
    let dropped = council.store.compact(later).await.expect("compacted");
    assert!(dropped > 200, "{dropped}");
    assert_eq!(council.store.compact(later).await.expect("compacted"), 0, "nothing is busy any more");
    let texts = versions(&council, key).await;
    let mut expected: Vec<String> = (30..130).rev().map(|n| format!("late {n}")).collect();
    let others = ["the phone's last", "lost on the way", "between", "middle 129", "early 129", "early 124"];
    expected.extend(others.map(str::to_owned));
    assert_eq!(texts, expected, "the newest, what a device wrote last, a conflict and its two bases, submitted, told");

    let mut kept: Vec<String> = ["early 124", "early 129", "middle 129"].map(str::to_owned).to_vec();
    kept.extend((30..130).map(|n| format!("late {n}")));
    assert_eq!(texts_in_the_log(&council).await, kept, "what was let go is not in the log, and its chain holds");

    let away = operation(report, text(item, base, "typed on the train"));
    let answers = council.store.push_from(colleague, on("tablet"), vec![away]).await.expect("answers");
    let told = conflict(known(answers.into_iter().next().expect("one")));
    assert_eq!(told.base.as_ref().and_then(|value| value.text()), Some("early 129"));
    assert_eq!((told.theirs.text(), told.theirs_rev), (Some("late 129"), last));

    let again = council.push(vec![early[3].clone()]).await.remove(0);
    assert!(seq(&again) < base, "an operation whose text is gone is answered as before: {again:?}");
    let submitted = council.store.submitted(report).await.expect("what the council has");
    assert_eq!(submitted.hash(), submitted.receipt.map(|receipt| receipt.hash));
}
