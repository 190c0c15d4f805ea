//! Bytes from anybody: the readers of the wire and of the rescue file take or refuse them, and never panic.

use proptest::prelude::*;
use std::fs;
use std::path::Path;

mod readers;

use readers::every_reader;

fn golden() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = fs::read_dir(folder).expect("the golden files");
    files.map(|file| fs::read(file.expect("a file").path()).expect("its bytes")).collect()
}

proptest! {
    #[test]
    fn bytes_of_anybody_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        every_reader(&bytes);
    }

    #[test]
    fn spoilt_messages_are_read_or_refused(
        which in any::<prop::sample::Index>(),
        spoils in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_usize..12), 1..6),
    ) {
        let all = golden();
        let mut bytes = all[which.index(all.len())].clone();
        for (at, byte, length) in spoils {
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            let end = (at + length).min(bytes.len());
            match byte % 4 {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.splice(at..at, std::iter::repeat_n(byte, length)).for_each(drop),
                2 => bytes.splice(at..end, *b"null").for_each(drop),
                _ => bytes.splice(at..end, [b"{}[],:\"0-"[usize::from(byte) % 9]]).for_each(drop),
            }
        }
        every_reader(&bytes);
    }
}
