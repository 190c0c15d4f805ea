//! JSON in a canonical form, for hashing.

use serde::Serialize;
use serde_json::Value;

/// Writes JSON with the keys of every object in order and no white space.
///
/// Not left to the JSON library: whether its maps keep insertion order is a feature that any crate of the build
/// may switch on, and the browser's and the server's builds then hash differently.
pub fn canonical(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut fields: Vec<(&String, &Value)> = map.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            listed(b'{', fields, b'}', out, |(key, value), out| {
                write_scalar(key, out);
                out.push(b':');
                canonical(value, out);
            });
        }
        Value::Array(list) => listed(b'[', list, b']', out, canonical),
        scalar => write_scalar(scalar, out),
    }
}

/// Entries between two brackets, with commas.
fn listed<T>(
    open: u8,
    entries: impl IntoIterator<Item = T>,
    close: u8,
    out: &mut Vec<u8>,
    write: impl Fn(T, &mut Vec<u8>),
) {
    out.push(open);
    for (i, entry) in entries.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write(entry, out);
    }
    out.push(close);
}

/// A text, a number or the like as JSON.
fn write_scalar(scalar: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(out, scalar).expect("a scalar is JSON, and memory takes it");
}

/// An estimate of a value's JSON in bytes, so that the buffer does not grow step by step.
pub fn size_hint(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| key.len() + 4 + size_hint(value)).sum::<usize>() + 2,
        Value::Array(list) => list.iter().map(|value| 1 + size_hint(value)).sum::<usize>() + 2,
        Value::String(text) => text.len() + text.len() / 16 + 2,
        _ => 8,
    }
}
