//! The folder of built files, as the bundler leaves it, and what is made from it once at start.

use app::routes::Page;
use app::shell::{ByStart, Program, ShellAssets, Start, shells};
use domain::language::Language;
use domain::sync::op::ContentHash;
use serde::Deserialize;
use serde_json::json;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder is not a site.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A file is not there.
    #[error("the site folder {} has no {file}: build it with `make run`, or name another with --site", folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The file.
        file: &'static str,
    },
    /// A file cannot be read.
    #[error("the site folder {}: {file} cannot be read: {source}", folder.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// The file.
        file: &'static str,
        /// Why.
        source: io::Error,
    },
    /// `site.json` is not what the bundler writes.
    #[error("the site folder {}: site.json is not what the bundler writes ({source}): build it again with `make run`", folder.display())]
    Malformed {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

#[derive(Deserialize)]
struct Manifest {
    version: String,
    #[serde(flatten)]
    assets: ShellAssets,
    #[serde(default)]
    precache: Vec<String>,
}

/// A text that is served as it is, with the tag by which a client asks whether it has changed.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its words.
    pub text: String,
    /// Its `ETag`. Weak, because the text may be compressed on the way.
    pub etag: String,
}

impl Document {
    fn new(text: String) -> Self {
        let etag = format!("W/\"{}\"", ContentHash::of_value(&text.clone().into()));
        Self { text, etag }
    }
}

/// A site.
#[derive(Debug)]
pub struct Site {
    /// Where its files are.
    pub folder: PathBuf,
    /// The service worker, filled in.
    pub worker: Document,
    english: ByStart<Document>,
    french: ByStart<Document>,
}

impl Site {
    /// Reads a folder.
    ///
    /// # Errors
    /// When it is not what the bundler leaves.
    pub fn read(folder: &Path) -> Result<Self, SiteError> {
        let manifest = read(folder, "site.json")?;
        let manifest: Manifest = serde_json::from_str(&manifest)
            .map_err(|source| SiteError::Malformed { folder: folder.to_owned(), source })?;
        let template = read(folder, "sw.js")?;
        let [english, french] =
            Language::ALL.map(|language| shells(language, &manifest.assets).map(|text| Document::new(text.clone())));
        let worker = Document::new(worker(&template, &manifest, &[&english, &french]));
        Ok(Self { folder: folder.to_owned(), worker, english, french })
    }

    /// The shell in a language.
    #[must_use]
    pub const fn shell(&self, language: Language, start: Start) -> &Document {
        match language {
            Language::En => self.english.get(start),
            Language::Fr => self.french.get(start),
        }
    }
}

/// The service worker. The shells are the server's own, so a change in them makes a new version too.
fn worker(template: &str, manifest: &Manifest, shells: &[&ByStart<Document>]) -> String {
    let words: String = shells.iter().map(|shells| shells.draft.text.as_str()).collect();
    let version = format!("{}-{}", manifest.version, ContentHash::of_value(&words.into()).short());
    let mut precache = manifest.precache.clone();
    precache.extend(Language::ALL.map(|language| format!("/{language}")));
    let Program { wasm, boot } = &manifest.assets.starts.board;
    let starts = json!([{ "pages": Language::ALL.map(|language| Page::Board.path(language)), "files": [boot, wasm] }]);
    let filled = template.replace("__VERSION__", &version).replace("__PRECACHE__", &json!(precache).to_string());
    filled.replace("__STARTS__", &starts.to_string())
}

fn read(folder: &Path, file: &'static str) -> Result<String, SiteError> {
    fs::read_to_string(folder.join(file)).map_err(|source| {
        let folder = folder.to_owned();
        if source.kind() == io::ErrorKind::NotFound {
            SiteError::Missing { folder, file }
        } else {
            SiteError::Unreadable { folder, file, source }
        }
    })
}
