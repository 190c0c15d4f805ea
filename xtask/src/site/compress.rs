//! Brotli and gzip, made once at build time so that the server only chooses.

use std::io::Write;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Mode;
use super::manifest::SERVICE_WORKER;

/// What shrinks: images and fonts are compressed already.
const EXTENSIONS: [&str; 9] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];

/// Below this the headers weigh more than the gain.
const LEAST_BYTES: usize = 200;

/// Whether a file gets compressed forms; the service worker does not: the server renders it.
pub fn is_worth_it(url: &str, bytes: &[u8]) -> bool {
    let extension = url.rsplit_once('.').map(|(_, extension)| extension);
    url != SERVICE_WORKER
        && bytes.len() > LEAST_BYTES
        && extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}

/// Compresses with brotli, as hard as it can for a release.
pub fn brotli(bytes: &[u8], mode: Mode) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: match mode {
            Mode::Dev => 5,
            Mode::Release => 11,
        },
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut output = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut output, &params).context("brotli failed")?;
    Ok(output)
}

/// Compresses with gzip, for clients that refuse brotli (browsers do on plain HTTP).
pub fn gzip(bytes: &[u8], mode: Mode) -> Result<Vec<u8>> {
    let level = match mode {
        Mode::Dev => Compression::fast(),
        Mode::Release => Compression::best(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).context("gzip failed")?;
    encoder.finish().context("gzip failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worth_compressing() {
        let long = [b'a'; 201];
        let cases = [
            ("/pkg/a.wasm", &long[..], true),
            ("/icons/a.svg", &long[..], true),
            ("/manifest.webmanifest", &long[..], true),
            ("/pkg/a.css", &long[..200], false),
            ("/icons/a.png", &long[..], false),
            ("/sw.js", &long[..], false),
            ("/LICENSE", &long[..], false),
        ];
        for (url, bytes, expected) in cases {
            assert_eq!(is_worth_it(url, bytes), expected, "{url}");
        }
    }

    #[test]
    fn both_forms_are_smaller_and_read_back() {
        let text = "the council drafts ".repeat(50).into_bytes();
        let small = brotli(&text, Mode::Release).unwrap();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &small[..], &mut back).unwrap();
        assert_eq!(back, text);
        assert!(small.len() < text.len());
        assert!(gzip(&text, Mode::Dev).unwrap().len() < text.len());
    }
}
