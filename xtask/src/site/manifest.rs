//! `site.json`: what the server and the service worker must know of a build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::SiteFile;
use super::package::Package;
use crate::files;

/// The service worker's template: the server renders it, the browser must not hold it.
pub const SERVICE_WORKER: &str = "/sw.js";

const FILE: &str = "site.json";

/// The start that does not wait for the style sheet of the board and the room.
const DRAFT: &str = "draft";

/// The build, as URL paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Changes when the name or the content of a file changes.
    pub version: String,
    /// The loader of the modules.
    pub js: String,
    /// The style sheet of every page.
    pub css: String,
    /// The one of the wall and its remote control besides.
    pub room_css: String,
    /// What a first visit starts with, by the name of the start.
    pub starts: BTreeMap<String, Start>,
    /// The modules that are fetched when they are first needed.
    pub parts: Vec<String>,
    /// Which of them are fetched together, for each part that is asked for.
    pub loads: BTreeMap<String, Vec<String>>,
    /// Everything the service worker must hold.
    pub precache: Vec<String>,
    /// The hashed files of the build before, for clients that have not reloaded.
    pub previous: Vec<String>,
}

/// What a first visit starts with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The script that the page names.
    pub boot: String,
    /// The module.
    pub wasm: String,
    /// The parts that it holds, which are not fetched with it.
    pub holds: Vec<String>,
}

impl Manifest {
    /// Describes a build that follows `before`.
    pub fn new(package: &Package, assets: &[SiteFile], before: Option<&Self>) -> Self {
        let kept: Vec<&SiteFile> = assets.iter().filter(|asset| asset.url != SERVICE_WORKER).collect();
        let all = package.files().into_iter().chain(kept.iter().copied());
        let starts = package.starts.iter().map(|(name, start)| {
            let (boot, wasm) = (start.boot.url.clone(), start.wasm.url.clone());
            (name.clone(), Start { boot, wasm, holds: start.holds.clone() })
        });
        let mut manifest = Self {
            version: files::hash(all.flat_map(|file| [file.url.as_bytes(), &file.bytes])),
            js: package.js.url.clone(),
            css: package.css.url.clone(),
            room_css: package.room_css.url.clone(),
            starts: starts.collect(),
            parts: package.parts.iter().map(|part| part.url.clone()).collect(),
            loads: package.loads.clone(),
            precache: package.kept().into_iter().chain(kept).map(|file| file.url.clone()).collect(),
            previous: Vec::new(),
        };
        if let Some(before) = before {
            manifest.previous = manifest.previous_after(before);
        }
        manifest
    }

    /// A build with the same code and style keeps the same past.
    fn previous_after(&self, before: &Self) -> Vec<String> {
        let now = self.hashed();
        if before.hashed() == now {
            return before.previous.clone();
        }
        let old = before.hashed().into_iter();
        let gone = old.filter(|url| !now.contains(url));
        gone.map(str::to_owned).collect()
    }

    /// What a browser fetches before a page of a start is there; none when there is no such start.
    pub fn first(&self, name: &str) -> Option<Vec<String>> {
        let start = self.starts.get(name)?;
        let mut first = vec![self.css.clone(), start.boot.clone(), self.js.clone(), start.wasm.clone()];
        // Drafting fetches it last of all, and waits for it nowhere.
        first.extend((name != DRAFT).then(|| self.room_css.clone()));
        Some(first)
    }

    /// The files named by their content.
    pub fn hashed(&self) -> Vec<&str> {
        let starts = self.starts.values().flat_map(|start| [&start.boot, &start.wasm]);
        let all = [&self.css, &self.room_css, &self.js].into_iter().chain(starts).chain(&self.parts);
        all.map(String::as_str).collect()
    }

    /// Reads the build in `site`; none when there is none, or one that cannot be understood.
    pub fn read(site: &Path) -> Result<Option<Self>> {
        let path = site.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        Ok(serde_json::from_slice(&files::read(&path)?).ok())
    }

    /// Publishes the build; its files must already be there.
    pub fn write(&self, site: &Path) -> Result<()> {
        let json = serde_json::to_vec_pretty(self).context("site.json")?;
        files::write(&site.join(FILE), &json)
    }

    /// Whether every file that the manifest names is on disk.
    pub fn is_whole(&self, site: &Path) -> bool {
        let named = self.precache.iter().chain(&self.previous).map(String::as_str);
        named.chain(self.hashed()).all(|url| on_disk(site, url).is_file())
    }
}

/// Where the file of a URL path is.
pub fn on_disk(site: &Path, url: &str) -> PathBuf {
    site.join(url.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::super::package::KEPT;
    use super::super::wasm::{Bound, Linked};
    use super::*;

    fn package(js: &str, css: &str) -> Package {
        let linked = Linked { wasm: b"wasm".to_vec(), holds: Vec::new() };
        let starts = BTreeMap::from([(KEPT.to_owned(), linked)]);
        let bound = Bound { js: js.into(), starts, parts: Vec::new(), loads: BTreeMap::new() };
        Package::new(bound, css.into(), Vec::new()).unwrap()
    }

    fn asset(url: &str, text: &str) -> SiteFile {
        SiteFile { url: url.to_owned(), bytes: text.into() }
    }

    #[test]
    fn the_service_worker_is_not_precached() {
        let assets = [asset("/icons/a.svg", ""), asset(SERVICE_WORKER, "")];
        let manifest = Manifest::new(&package("a", "a"), &assets, None);
        let mut expected: Vec<&str> = manifest.hashed();
        expected.push("/icons/a.svg");
        assert_eq!(manifest.precache, expected);
        assert!(manifest.previous.is_empty());
    }

    #[test]
    fn the_version_follows_names_and_contents() {
        let version = |url, text| {
            let manifest = Manifest::new(&package("a", "a"), &[asset(url, text)], None);
            manifest.version
        };
        assert_eq!(version("/a", "1"), version("/a", "1"));
        assert_ne!(version("/a", "1"), version("/a", "2"));
        assert_ne!(version("/a", "1"), version("/b", "1"));
    }

    #[test]
    fn only_what_changed_is_previous_and_only_for_one_build() {
        let first = Manifest::new(&package("a", "a"), &[], None);
        let style = Manifest::new(&package("a", "b"), &[], Some(&first));
        assert_eq!(style.previous, [first.css.as_str()]);
        let code = Manifest::new(&package("b", "b"), &[], Some(&style));
        assert_eq!(code.previous, [first.js.as_str(), first.starts[KEPT].boot.as_str()]);
    }

    #[test]
    fn a_site_without_the_files_of_one_start_is_not_whole() {
        let site = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::new(&package("a", "a"), &[], None);
        for url in manifest.hashed() {
            files::write(&on_disk(site.path(), url), b"").unwrap();
        }
        assert!(manifest.is_whole(site.path()));
        let other = Start { boot: "/pkg/boot.other.js".to_owned(), wasm: manifest.css.clone(), holds: Vec::new() };
        manifest.starts.insert("other".to_owned(), other);
        assert!(!manifest.is_whole(site.path()));
    }

    #[test]
    fn a_changed_asset_forgets_no_previous_build() {
        let first = Manifest::new(&package("a", "a"), &[], None);
        let second = Manifest::new(&package("a", "b"), &[], Some(&first));
        let third = Manifest::new(&package("a", "b"), &[asset("/i", "")], Some(&second));
        assert_eq!(third.previous, second.previous);
    }

    #[test]
    fn the_wire_form_has_the_agreed_names() {
        let manifest = Manifest::new(&package("a", "a"), &[], None);
        let json = serde_json::to_value(&manifest).unwrap();
        let names: Vec<&String> = json.as_object().unwrap().keys().collect();
        let mut agreed = ["version", "js", "css", "room_css", "starts", "parts", "loads", "precache", "previous"];
        agreed.sort_unstable();
        let mut names: Vec<&str> = names.into_iter().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, agreed);
    }
}
