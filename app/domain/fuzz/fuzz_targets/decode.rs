//! Bytes that libFuzzer makes, for every reader of the wire and of the rescue file.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/hostile/readers.rs"]
mod readers;

fuzz_target!(|bytes: &[u8]| readers::every_reader(bytes));
