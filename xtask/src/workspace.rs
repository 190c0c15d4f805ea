//! Where things are, and how to call the tools that live outside this crate.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The places that every task needs; all paths are absolute.
pub struct Workspace {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's target directory.
    target: PathBuf,
}

impl Workspace {
    /// Finds the repository from what cargo says, else from the current directory.
    pub fn locate() -> Result<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(manifest) => PathBuf::from(manifest),
            None => env::current_dir().context("the current directory cannot be read")?,
        };
        let root = start
            .ancestors()
            .find(|folder| folder.join("xtask/Cargo.toml").is_file())
            .with_context(|| format!("{} is not inside the repository", start.display()))?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(target) => absolute(target).context("CARGO_TARGET_DIR is not a path")?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Where cargo builds.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// What the server serves; always in the repository, whatever `CARGO_TARGET_DIR` says.
    pub fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// Intermediate files of the site; never served.
    pub fn site_work(&self) -> PathBuf {
        self.root.join("target/site-work")
    }

    /// The server that `cargo build -p server` makes.
    pub fn server_binary(&self) -> PathBuf {
        self.target.join("debug").join("roundtable")
    }

    /// The browser's module as rustc leaves it under the given cargo profile.
    pub fn frontend_wasm(&self, profile: &str) -> PathBuf {
        let folder = self.target.join("wasm32-unknown-unknown").join(profile);
        folder.join("frontend.wasm")
    }

    /// A cargo command at the root of the repository, with the cargo that runs us.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        // What `cargo run` tells this program about itself is not for the builds it starts: ring's build script looks
        // at it, and the database would be compiled anew whenever somebody goes from `make run` to `make test`.
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(name.as_ref());
            }
        }
        if env::var_os("CARGO_TARGET_DIR").is_some() {
            command.env("CARGO_TARGET_DIR", &self.target);
        }
        command
    }

    /// A command of the npm packages pinned in `end2end`, run there; never fetched from anywhere.
    pub fn node_tool(&self, name: &str) -> Result<Command> {
        let folder = self.root.join("end2end");
        let program = folder.join("node_modules/.bin").join(name);
        if !program.exists() {
            bail!("{name} is not installed: run scripts/setup");
        }
        let mut command = Command::new(program);
        command.current_dir(folder);
        Ok(command)
    }
}

/// Runs a command to its end with our own output; its failure is an error.
pub fn must_succeed(command: &mut Command) -> Result<()> {
    let name = program_name(command);
    let status = command.status().with_context(|| format!("{name} cannot be started"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// The bare name of a command's program, for messages.
pub fn program_name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    name.to_string_lossy().into_owned()
}
