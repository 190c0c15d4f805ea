//! The files of the site in memory: code and style named by their content, assets as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use grass::{Options, OutputStyle};

use super::wasm::Bound;
use super::{Mode, SiteFile};
use crate::files;

/// The start whose files a browser keeps: they and the parts are the whole program.
pub const KEPT: &str = "draft";

/// The files under `/pkg/`, named by their content.
pub struct Package {
    /// The loader of the modules and of their parts.
    pub js: SiteFile,
    /// What a first visit starts with, by the name of the start.
    pub starts: BTreeMap<String, Start>,
    /// What the loader fetches when it is first needed.
    pub parts: Vec<SiteFile>,
    /// The URLs that it fetches together, by the part that needs them.
    pub loads: BTreeMap<String, Vec<String>>,
    /// The style sheet of every page.
    pub css: SiteFile,
    /// The one of the wall and its remote control besides.
    pub room_css: SiteFile,
}

/// What a first visit starts with.
pub struct Start {
    /// The script that the page names: it starts the module (the page may hold no inline script).
    pub boot: SiteFile,
    /// The module.
    pub wasm: SiteFile,
    /// The URLs of the parts that the module holds.
    pub holds: Vec<String>,
}

impl Package {
    /// Names the files and writes the script that joins them.
    pub fn new(bound: Bound, css: Vec<u8>, room_css: Vec<u8>) -> Result<Self> {
        let mut loader = String::from_utf8(bound.js).context("the loader is not UTF-8")?;
        let mut parts = Vec::new();
        let mut urls = BTreeMap::new();
        for part in bound.parts {
            let file = hashed(&part.name, "wasm", part.wasm);
            let (old, new) = (format!("./{}.wasm", part.name), format!(".{}", &file.url["/pkg".len()..]));
            if loader.matches(&old).count() != 1 {
                bail!("the loader does not name {old} once");
            }
            loader = loader.replace(&old, &new);
            urls.insert(part.name, file.url.clone());
            parts.push(file);
        }
        let urls_of = |names: &[String]| -> Result<Vec<String>> {
            names
                .iter()
                .map(|name| urls.get(name).cloned().with_context(|| format!("there is no part {name}")))
                .collect()
        };
        let js = hashed("roundtable", "js", loader.into_bytes());
        let mut starts = BTreeMap::new();
        for (name, linked) in bound.starts {
            let wasm = hashed("roundtable", "wasm", linked.wasm);
            let boot = format!(
                "import init, {{ link }} from '{}';\nlink('{}');\ninit({{ module_or_path: '{}' }});\n",
                js.url,
                linked.holds.join(" "),
                wasm.url
            );
            let holds = urls_of(&linked.holds)?;
            starts.insert(name, Start { boot: hashed("boot", "js", boot.into_bytes()), wasm, holds });
        }
        if !starts.contains_key(KEPT) {
            bail!("there is no start {KEPT}");
        }
        let loads =
            bound.loads.iter().map(|(part, names)| Ok((part.clone(), urls_of(names)?))).collect::<Result<_>>()?;
        let (css, room_css) = (hashed("roundtable", "css", css), hashed("room", "css", room_css));
        Ok(Self { js, starts, parts, loads, css, room_css })
    }

    /// All of them, each once: development builds start everywhere with the same module.
    pub fn files(&self) -> Vec<&SiteFile> {
        let starts = self.starts.values().flat_map(|start| [&start.boot, &start.wasm]);
        let all = [&self.css, &self.room_css, &self.js].into_iter().chain(starts).chain(&self.parts);
        let mut seen = BTreeSet::new();
        all.filter(|file| seen.insert(&file.url)).collect()
    }

    /// Those that a browser keeps, so that everything opens with no network.
    pub fn kept(&self) -> Vec<&SiteFile> {
        let start = self.starts.get(KEPT).into_iter().flat_map(|start| [&start.boot, &start.wasm]);
        [&self.css, &self.room_css, &self.js].into_iter().chain(start).chain(&self.parts).collect()
    }
}

fn hashed(name: &str, extension: &str, bytes: Vec<u8>) -> SiteFile {
    let hash = files::content_hash(&bytes);
    let url = format!("/pkg/{name}.{hash}.{extension}");
    SiteFile { url, bytes }
}

/// Compiles the style sheet; the release has no white space.
pub fn css(main: &Path, mode: Mode) -> Result<Vec<u8>> {
    let style = match mode {
        Mode::Dev => OutputStyle::Expanded,
        Mode::Release => OutputStyle::Compressed,
    };
    let options = Options::default().style(style);
    let css = grass::from_path(main, &options);
    let css = css.with_context(|| format!("{} does not compile", main.display()))?;
    Ok(css.into_bytes())
}

/// Reads everything under the assets' folder, sorted by URL.
pub fn assets(folder: &Path) -> Result<Vec<SiteFile>> {
    let mut assets = Vec::new();
    for path in files::list(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path);
        let name = name.to_str().context("the name of an asset is not UTF-8")?;
        if name.starts_with("pkg/") || name == "site.json" {
            bail!("the asset {name} would hide a file that the build makes");
        }
        assets.push(SiteFile { url: format!("/{name}"), bytes: files::read(&path)? });
    }
    Ok(assets)
}

#[cfg(test)]
mod tests {
    use super::super::wasm::{Linked, Part};
    use super::*;

    fn bound(js: &str, parts: &[&str], holds: &[&str]) -> Bound {
        let part = |name: &&str| Part { name: (*name).to_owned(), wasm: b"abc".to_vec() };
        let holds: Vec<String> = holds.iter().map(|name| (*name).to_owned()).collect();
        let linked = Linked { wasm: b"abc".to_vec(), holds: holds.clone() };
        Bound {
            js: js.into(),
            starts: BTreeMap::from([(KEPT.to_owned(), linked)]),
            parts: parts.iter().map(part).collect(),
            loads: BTreeMap::from([("b".to_owned(), holds)]),
        }
    }

    #[test]
    fn the_boot_script_names_the_hashed_files_and_what_the_module_holds() {
        let js = "abc('./a.wasm', './b.wasm')";
        let package = Package::new(bound(js, &["a", "b"], &["b", "a"]), Vec::new(), Vec::new()).unwrap();
        let start = &package.starts[KEPT];
        assert_eq!(start.wasm.url, "/pkg/roundtable.ba7816bf8f01cfea.wasm");
        let expected = format!(
            "import init, {{ link }} from '{}';\nlink('b a');\n\
             init({{ module_or_path: '/pkg/roundtable.ba7816bf8f01cfea.wasm' }});\n",
            package.js.url
        );
        assert_eq!(String::from_utf8_lossy(&start.boot.bytes), expected);
        assert_eq!(start.holds, ["/pkg/b.ba7816bf8f01cfea.wasm", "/pkg/a.ba7816bf8f01cfea.wasm"]);
    }

    #[test]
    fn the_loader_fetches_the_parts_by_their_hashed_names() {
        let js = "fetch('./a.wasm'), fetch('./b.wasm')";
        let package = Package::new(bound(js, &["a", "b"], &["b"]), Vec::new(), Vec::new()).unwrap();
        let loader = String::from_utf8_lossy(&package.js.bytes);
        assert_eq!(loader, "fetch('./a.ba7816bf8f01cfea.wasm'), fetch('./b.ba7816bf8f01cfea.wasm')");
        assert_eq!(package.parts[1].url, "/pkg/b.ba7816bf8f01cfea.wasm");
        assert_eq!(package.loads["b"], ["/pkg/b.ba7816bf8f01cfea.wasm"]);
        assert!(Package::new(bound(js, &["c"], &[]), Vec::new(), Vec::new()).is_err(), "a part that nobody fetches");
        assert!(
            Package::new(bound(js, &["a"], &["b"]), Vec::new(), Vec::new()).is_err(),
            "a module that holds no part"
        );
    }

    #[test]
    fn a_browser_keeps_one_start_and_all_parts() {
        let mut bound = bound("'./a.wasm'", &["a"], &[]);
        bound.starts.insert("other".to_owned(), Linked { wasm: b"other".to_vec(), holds: Vec::new() });
        let package = Package::new(bound, Vec::new(), Vec::new()).unwrap();
        assert_eq!(package.files().len(), 8);
        let other = &package.starts["other"];
        assert_eq!(package.kept().len(), 6);
        assert!(package.kept().iter().all(|kept| ![&other.boot.url, &other.wasm.url].contains(&&kept.url)));
    }
}
