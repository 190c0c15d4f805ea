//! The files of the site in memory: code and style named by their content, assets as they are.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use grass::{Options, OutputStyle};

use super::wasm::Bound;
use super::{Mode, SiteFile};
use crate::files;

/// The files under `/pkg/`, named by their content.
pub struct Package {
    /// The loader of the module and of its parts.
    pub js: SiteFile,
    /// The module.
    pub wasm: SiteFile,
    /// What the loader fetches when it is first needed.
    pub parts: Vec<SiteFile>,
    /// The URLs that it fetches together.
    pub loads: Vec<Vec<String>>,
    /// The style sheet.
    pub css: SiteFile,
    /// The script that the page names: it starts the others (the page may hold no inline script).
    pub boot: SiteFile,
}

impl Package {
    /// Names the files and writes the script that joins them.
    pub fn new(bound: Bound, css: Vec<u8>) -> Result<Self> {
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
        let url = |name: &String| urls.get(name).cloned().with_context(|| format!("there is no part {name}"));
        let loads = bound.loads.iter().map(|load| load.iter().map(url).collect()).collect::<Result<_>>()?;
        let js = hashed("roundtable", "js", loader.into_bytes());
        let wasm = hashed("roundtable", "wasm", bound.wasm);
        let boot = format!("import init from '{}';\ninit({{ module_or_path: '{}' }});\n", js.url, wasm.url);
        let css = hashed("roundtable", "css", css);
        Ok(Self { js, wasm, parts, loads, css, boot: hashed("boot", "js", boot.into_bytes()) })
    }

    /// All of them: what drafting needs first, in the order of the tables, then the parts.
    pub fn files(&self) -> Vec<&SiteFile> {
        [&self.css, &self.boot, &self.js, &self.wasm].into_iter().chain(&self.parts).collect()
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
    use super::super::wasm::Part;
    use super::*;

    #[test]
    fn the_boot_script_names_the_hashed_files() {
        let bound = Bound { js: b"abc".to_vec(), wasm: b"abc".to_vec(), parts: Vec::new(), loads: Vec::new() };
        let package = Package::new(bound, Vec::new()).unwrap();
        assert_eq!(package.js.url, "/pkg/roundtable.ba7816bf8f01cfea.js");
        assert_eq!(
            String::from_utf8_lossy(&package.boot.bytes),
            "import init from '/pkg/roundtable.ba7816bf8f01cfea.js';\n\
             init({ module_or_path: '/pkg/roundtable.ba7816bf8f01cfea.wasm' });\n"
        );
    }

    #[test]
    fn the_loader_fetches_the_parts_by_their_hashed_names() {
        let part = |name: &str| Part { name: name.to_owned(), wasm: b"abc".to_vec() };
        let bound = |parts| Bound {
            js: b"fetch('./a.wasm'), fetch('./b.wasm')".to_vec(),
            wasm: Vec::new(),
            parts,
            loads: vec![vec!["b".to_owned()]],
        };
        let package = Package::new(bound(vec![part("a"), part("b")]), Vec::new()).unwrap();
        let loader = String::from_utf8_lossy(&package.js.bytes);
        assert_eq!(loader, "fetch('./a.ba7816bf8f01cfea.wasm'), fetch('./b.ba7816bf8f01cfea.wasm')");
        assert_eq!(package.parts[1].url, "/pkg/b.ba7816bf8f01cfea.wasm");
        assert_eq!(package.loads, [["/pkg/b.ba7816bf8f01cfea.wasm"]]);
        assert!(Package::new(bound(vec![part("c")]), Vec::new()).is_err(), "a part that nobody fetches");
    }
}
