//! What must be true: after every step, when the faults have stopped, and when all choices are made. The names are
//! those in docs/sync.md.

use crate::device::Device;
use crate::server::Durable;
use crate::words::words_of;
use crate::world::{Broken, World};
use domain::field::FieldValue;
use domain::sync::journal::Typed;
use domain::sync::local::LocalReport;
use domain::sync::op::KnownChange;
use domain::sync::outbox::Queued;
use domain::sync::reconcile::LocalField;
use domain::sync::wire::Refusal;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// After every step.
pub fn always(world: &World) -> Result<(), Broken> {
    for device in &world.devices {
        let journal = &device.journal;
        for (op_id, hash) in &device.unanswered {
            if !journal.queue.iter().any(|q| q.operation.op_id == *op_id && q.operation.hash == *hash) {
                return Err(Broken::new("what_is_unanswered_stays_queued", op_id.to_string()));
            }
        }
        for (key, field) in &journal.fields {
            let settled = field.rev > 0 && !field.waits() && !journal.queue.iter().any(|q| q.operation.writes(*key));
            let json = || serde_json::to_string(&field.value).expect("JSON");
            if settled && !world.server.ever.contains(&(*key, json())) {
                return Err(Broken::new("what_is_shown_as_sent_was_taken", format!("{field:?}")));
            }
        }
        if let Some(receipt) = &journal.council.submission
            && !world.server.receipts.contains(receipt)
        {
            return Err(Broken::new("a_receipt_was_given_by_the_server", format!("{receipt:?}")));
        }
        if journal.queue.windows(2).any(|pair| pair[0].n >= pair[1].n) {
            return Err(Broken::new("the_queue_is_in_order", format!("{:?}", journal.queue)));
        }
    }
    Ok(())
}

/// After a push: a submission has what its person saw.
pub fn submissions(world: &mut World) -> Result<(), Broken> {
    for op_id in std::mem::take(&mut world.server.submitted) {
        let Some(seen) = world.submits.get(&op_id).filter(|_| !world.forgot) else { continue };
        let heads = words_in_heads(&world.server.disk);
        if let Some(word) = seen.iter().find(|word| !heads.contains(*word) && !world.dropped.contains(*word)) {
            let history: Vec<String> = world
                .server
                .disk
                .history
                .iter()
                .map(|(seq, op, status)| format!("  {seq} {status} {} {}", op.op_id, json(&op.change)))
                .collect();
            let journals: Vec<String> = world.devices.iter().map(|device| brief(&device.journal)).collect();
            let detail = format!("{op_id}: {word}\n{}\n{}", history.join("\n"), journals.join("\n"));
            return Err(Broken::new("a_submission_has_what_its_person_saw", detail));
        }
    }
    Ok(())
}

/// When all has been sent and nobody has chosen yet.
pub fn both_texts_are_kept(world: &World) -> Result<(), Broken> {
    let mut found = words_in_heads(&world.server.disk);
    for device in &world.devices {
        for field in device.journal.fields.values().filter(|field| field.waits()) {
            found.extend(sides(field).flat_map(words_of).map(str::to_owned));
        }
        // What was typed after a submission goes out after it, and the submission may wait for a choice.
        if device.journal.is_held() {
            let queued = device.journal.queue.iter().filter_map(|queued| queued.operation.known()?.value());
            found.extend(queued.flat_map(words_of).map(str::to_owned));
        }
    }
    no_word_is_lost(world, &found, "both_texts_are_kept")?;
    settled_as_the_head(world)
}

/// When all choices are made.
pub fn in_the_end(world: &World) -> Result<(), Broken> {
    for device in &world.devices {
        let journal = &device.journal;
        let left = journal.queue.iter().find(|queued| {
            let about_the_moment = matches!(queued.refusal, Some(Refusal::Incomplete { .. } | Refusal::NotSubmitted));
            !(queued.operation.is_barrier() && about_the_moment)
        });
        if left.is_some() || journal.is_held() {
            return Err(Broken::new("nothing_is_stuck", brief(journal)));
        }
        if journal.council.submission != world.server.disk.report().draft.submission {
            return Err(Broken::new(
                "receipts_are_true",
                format!("{:?}\n{}", world.server.disk.report().draft.submission, brief(journal)),
            ));
        }
    }
    marks_are_as_wanted(world)?;
    settled_as_the_head(world)?;
    no_word_is_lost(world, &words_in_heads(&world.server.disk), "every_saved_word_is_in_a_head")?;
    nothing_is_doubled(world)
}

/// Every mark has reached the server, and is what its person last said, where only one device could say so.
fn marks_are_as_wanted(world: &World) -> Result<(), Broken> {
    let shown = crate::board::snapshot(&world.server.disk);
    for (n, device) in world.devices.iter().enumerate() {
        if let Some((subject, queue)) = device.marker.queues.iter().next() {
            return Err(Broken::new("nothing_is_stuck", format!("{n}: {subject} {queue:?}")));
        }
        for (subject, on) in &device.marker.wants {
            let says = |other: &Device| {
                other.person == device.person && (other.marker.evicted || other.marker.wants.contains_key(subject))
            };
            let alone = world.devices.iter().filter(|other| says(other)).count() == 1 && !device.marker.evicted;
            let has = shown.marks.contains(&(subject.clone(), device.person));
            if alone && !world.forgot && has != *on {
                return Err(Broken::new("marks_are_as_wanted", format!("{n}: {subject} {on}")));
            }
        }
    }
    Ok(())
}

/// Every board shows what the server has, and the table is at the end of the log.
pub fn boards_show_what_the_server_has(world: &World) -> Result<(), Broken> {
    let expected = crate::board::snapshot(&world.server.disk);
    match world.boards.iter().find(|board| board.shown != expected) {
        Some(board) => {
            Err(Broken::new("boards_show_what_the_server_has", format!("{:?}\nnot {expected:?}", board.shown)))
        }
        None => Ok(()),
    }
}

fn no_word_is_lost(world: &World, found: &BTreeSet<String>, check: &'static str) -> Result<(), Broken> {
    let history = words_on_disk(&world.server.disk);
    let excused = |word: &String| {
        let evicted = world.evicted.contains(word) && (world.forgot || history.contains(word));
        evicted || world.dropped.contains(word) || world.at_risk.contains(word)
    };
    match world.saved.iter().find(|(word, _)| !found.contains(*word) && !excused(word)) {
        Some((word, device)) => {
            let heads = world.server.disk.report().draft.values();
            let heads: Vec<_> = heads.filter_map(|(value, rev)| Some((value.text()?.to_owned(), rev))).collect();
            let journal = &world.devices[*device].journal;
            Err(Broken::new(check, format!("{word} of device {device}\nheads {heads:?}\n{}", brief(journal))))
        }
        None => Ok(()),
    }
}

/// What waits for nobody is the council's, value and revision.
fn settled_as_the_head(world: &World) -> Result<(), Broken> {
    let heads: BTreeMap<_, _> =
        world.server.disk.report().draft.values().map(|(value, rev)| (value.key(), (value, rev))).collect();
    for (n, device) in world.devices.iter().enumerate() {
        for (key, (value, rev)) in &heads {
            let queued = device.journal.queue.iter().any(|queued| queued.operation.writes(*key));
            let same = device.journal.fields.get(key).map_or(*rev == 0, |field| {
                let waits = field.waits() || (queued && device.journal.is_held());
                waits || (field.value == *value && field.rev == *rev)
            });
            if !same {
                let field = device.journal.fields.get(key);
                return Err(Broken::new(
                    "all_devices_show_the_head",
                    format!("{n}: {field:?} not {value:?} {rev}\n{}", brief(&device.journal)),
                ));
            }
        }
        let held = device.journal.is_held();
        if let Some(key) = device.journal.fields.keys().find(|key| !heads.contains_key(key) && !held) {
            return Err(Broken::new("all_devices_show_the_head", format!("{n}: only here: {key}")));
        }
    }
    Ok(())
}

fn nothing_is_doubled(world: &World) -> Result<(), Broken> {
    let mut seen = BTreeSet::new();
    for (value, _) in world.server.disk.report().draft.values() {
        for word in words_of(&value) {
            if !seen.insert(word.to_owned()) {
                return Err(Broken::new("no_word_is_doubled", format!("{word} in {value:?}")));
            }
        }
    }
    let mut ids = BTreeSet::new();
    match world.server.disk.history.iter().find(|(_, operation, _)| !ids.insert(operation.op_id)) {
        Some((_, operation, _)) => Err(Broken::new("no_operation_is_done_twice", format!("{operation:?}"))),
        None => Ok(()),
    }
}

fn sides(field: &LocalField) -> impl Iterator<Item = &FieldValue> {
    let conflict = field.conflict.iter().flat_map(|conflict| [&conflict.theirs, &conflict.mine]);
    [&field.value].into_iter().chain(&field.aside).chain(conflict)
}

fn words_in_heads(disk: &Durable) -> BTreeSet<String> {
    let values = disk.report().draft.values();
    values.flat_map(|(value, _)| words_of(&value).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Every word that a database has, in its heads and in its history.
pub fn words_on_disk(disk: &Durable) -> BTreeSet<String> {
    let mut words = words_in_heads(disk);
    for (_, operation, _) in &disk.history {
        if let Some(value) = operation.known().and_then(KnownChange::value) {
            words.extend(words_of(value).map(str::to_owned));
        }
    }
    words
}

/// Every word that a browser stores.
pub fn words_on_device(device: &Device) -> BTreeSet<String> {
    let journal = &device.journal;
    let fields = journal.fields.values().flat_map(sides);
    let queued = journal.queue.iter().filter_map(|queued| queued.operation.known()?.value());
    let mut found: BTreeSet<String> = fields.chain(queued).flat_map(words_of).map(str::to_owned).collect();
    let late = device.late.values().filter_map(|row| domain::json::read::<Typed>(row).ok());
    found.extend(late.flat_map(|typed| words_of(&typed.value).map(str::to_owned).collect::<Vec<_>>()));
    found
}

/// A journal in few lines.
pub fn brief(journal: &LocalReport) -> String {
    let mut text = String::new();
    for (key, LocalField { value, rev, conflict, held, aside }) in &journal.fields {
        let (value, theirs) = (json(value), conflict.as_ref().map(|c| (json(&c.theirs), c.theirs_rev)));
        text.push_str(&format!("  {key} @{rev} {value} theirs {theirs:?} held {held:?} aside {aside:?}\n"));
    }
    for Queued { n, operation, after, sent, refusal } in &journal.queue {
        let change = json(&operation.change);
        text.push_str(&format!(
            "  #{n} {} {change} after {after:?} sent {sent} refused {refusal:?}\n",
            operation.op_id
        ));
    }
    text + &format!("  {:?}\n", journal.council)
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("JSON")
}
