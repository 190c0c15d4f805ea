//! The steps of `cargo xtask test`, in the order in which they run.

use std::io::{BufRead, BufReader, Write, stdout};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::counts::{self, Counts};
use crate::site::Mode;
use crate::workspace::{Workspace, must_succeed, program_name};
use crate::{budget, files, site};

/// A check or a group of tests.
pub struct Step {
    /// What `--only` takes and the table shows.
    pub name: &'static str,
    /// Streams its output; an error is one failure.
    pub run: fn(&Workspace) -> Result<Counts>,
}

const WASM: &str = "wasm32-unknown-unknown";

/// All of them.
pub const ALL: [Step; 12] = [
    Step { name: "fmt", run: fmt },
    Step { name: "clippy-native", run: clippy_native },
    Step { name: "clippy-wasm", run: clippy_wasm },
    Step { name: "domain-wasm32", run: domain_wasm32 },
    Step { name: "database", run: database },
    Step { name: "rust", run: rust },
    Step { name: "simulator", run: simulator },
    Step { name: "site", run: site },
    Step { name: "server", run: server },
    Step { name: "budget", run: budget },
    Step { name: "types", run: types },
    Step { name: "browser", run: browser },
];

fn check(command: &mut Command) -> Result<Counts> {
    must_succeed(command).map(|()| Counts::success())
}

fn fmt(workspace: &Workspace) -> Result<Counts> {
    check(&mut workspace.cargo(&["fmt", "--all", "--check"]))
}

fn clippy_native(workspace: &Workspace) -> Result<Counts> {
    let what = ["clippy", "--workspace", "--exclude", "frontend", "--all-targets"];
    check(workspace.cargo(&what).args(["--", "-D", "warnings"]))
}

fn clippy_wasm(workspace: &Workspace) -> Result<Counts> {
    let what = ["clippy", "-p", "frontend", "-p", "app", "--features", "app/csr"];
    check(workspace.cargo(&what).args(["--target", WASM, "--", "-D", "warnings"]))
}

/// The domain has no I/O: it must build where there is none.
fn domain_wasm32(workspace: &Workspace) -> Result<Counts> {
    check(&mut workspace.cargo(&["build", "-p", "domain", "--target", WASM]))
}

/// The database server that the store's tests start. It is a workspace of its own, so that its features do not become
/// those of the product's database; the target directory is ours, so that what both are made of is compiled once.
fn database(workspace: &Workspace) -> Result<Counts> {
    let what = ["build", "--locked", "--manifest-path", "server/database/Cargo.toml"];
    check(workspace.cargo(&what).env("CARGO_TARGET_DIR", workspace.target()))
}

/// In parts, because cargo unites the features of what one command builds: with xtask beside it, the database would be
/// compiled a second time for other features than `make run` uses; and the screens are there for the browser only.
fn rust(workspace: &Workspace) -> Result<Counts> {
    let product = ["--workspace", "--exclude", "frontend", "--exclude", "xtask"];
    let tools = ["--package", "xtask"];
    let screens = ["--package", "app", "--features", "csr", "--lib"];
    let (mut total, mut succeeded) = (Counts::default(), true);
    for packages in [&product[..], &tools[..], &screens[..]] {
        let mut command = workspace.cargo(&["test", "--no-fail-fast"]);
        succeeded &= stream(command.args(packages), |line| {
            total = total + counts::of_cargo_line(line);
        })?;
    }
    Ok(total.judged(succeeded))
}

/// By itself, and with a profile of its own: its feature puts faults into the core, and ten thousand schedules want an
/// optimised one.
fn simulator(workspace: &Workspace) -> Result<Counts> {
    let what = ["test", "-p", "domain", "--features", "faults", "--profile", "simulator", "--test", "simulator"];
    let mut total = Counts::default();
    let succeeded = stream(&mut workspace.cargo(&what), |line| {
        total = total + counts::of_cargo_line(line);
    })?;
    Ok(total.judged(succeeded))
}

fn site(workspace: &Workspace) -> Result<Counts> {
    site::run(workspace, Mode::Release).map(|()| Counts::success())
}

fn server(workspace: &Workspace) -> Result<Counts> {
    check(&mut workspace.cargo(&["build", "-p", "server"]))
}

/// The shell is sized as the server prints it for this very site.
fn budget(workspace: &Workspace) -> Result<Counts> {
    let mut command = Command::new(workspace.server_binary());
    command.args(["shell", "--language", "fr", "--site"]).arg(workspace.site());
    let output = command
        .current_dir(&workspace.root)
        .stderr(Stdio::inherit())
        .output()
        .context("the server cannot be started: build it first")?;
    if !output.status.success() || output.stdout.is_empty() {
        bail!("the server printed no HTML shell ({})", output.status);
    }
    let shell = workspace.site_work().join("shell.html");
    files::write(&shell, &output.stdout)?;
    let within = budget::run(workspace, Some(&shell))?;
    Ok(if within { Counts::success() } else { Counts::failure() })
}

fn types(workspace: &Workspace) -> Result<Counts> {
    check(workspace.node_tool("tsc")?.arg("--noEmit"))
}

fn browser(workspace: &Workspace) -> Result<Counts> {
    let report = workspace.site_work().join("playwright.json");
    // An old report must not speak for a run that wrote none.
    files::write(&report, b"")?;
    let mut command = workspace.node_tool("playwright")?;
    command
        .args(["test", "--reporter=list,json"])
        .env("ROUNDTABLE_BIN", workspace.server_binary())
        .env("ROUNDTABLE_SITE", workspace.site())
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    let status = command.status().context("playwright cannot be started")?;
    let counts = counts::of_playwright(&files::read(&report)?)?;
    Ok(counts.judged(status.success()))
}

/// Runs a command, passing its standard output on line by line and to `look`.
fn stream(command: &mut Command, mut look: impl FnMut(&str)) -> Result<bool> {
    let name = program_name(command);
    let failed = || format!("{name} cannot be run");
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(failed)?;
    let output = child.stdout.take().expect("its output is piped, just above");
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line).with_context(failed)? > 0 {
        stdout().write_all(&line).context("standard output")?;
        look(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    Ok(child.wait().with_context(failed)?.success())
}
