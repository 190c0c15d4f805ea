//! Files: walking a folder, writing without a half-written moment, naming by content.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Every file under `folder`, sorted; none when the folder does not exist.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(folder) = pending.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| folder.display().to_string()),
        };
        for entry in entries {
            let path = entry.with_context(|| folder.display().to_string())?.path();
            if path.is_dir() {
                pending.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a file; the error names it.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Writes a file beside its place and renames it there, so that no reader sees half of it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = || format!("{} cannot be written", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut draft = path.as_os_str().to_owned();
    draft.push(".tmp");
    fs::write(&draft, bytes).with_context(failed)?;
    fs::rename(&draft, path).with_context(failed)
}

/// The first 16 hexadecimal digits of the SHA-256 of all the parts, each with its length.
pub fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hex16(&hasher.finalize())
}

/// The first 16 hexadecimal digits of a file's SHA-256, as `sha256sum` would print them.
pub fn content_hash(bytes: &[u8]) -> String {
    hex16(&Sha256::digest(bytes))
}

fn hex16(digest: &[u8]) -> String {
    let digits = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    digits.collect()
}

/// The hash of every file under some folders, names included, relative to `root`.
pub fn tree_hash(root: &Path, places: &[&str]) -> Result<String> {
    let mut parts = Vec::new();
    for place in places {
        let place = root.join(place);
        let paths = if place.is_file() { vec![place] } else { list(&place)? };
        for path in paths {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
            parts.push(name.into_owned().into_bytes());
            parts.push(read(&path)?);
        }
    }
    Ok(hash(parts.iter().map(Vec::as_slice)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_hash_is_the_start_of_sha256() {
        assert_eq!(content_hash(b"abc"), "ba7816bf8f01cfea");
    }

    #[test]
    fn a_hash_of_parts_depends_on_where_they_are_cut() {
        assert_ne!(hash([&b"ab"[..], b"c"]), hash([&b"a"[..], b"bc"]));
    }

    #[test]
    fn a_missing_folder_has_no_files() {
        let files = list(Path::new("no-such-folder")).unwrap();
        assert!(files.is_empty());
    }
}
