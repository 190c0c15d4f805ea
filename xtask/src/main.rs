//! The repository's own build tool: `cargo xtask <site|budget|watch|test>`.
//!
//! It is a crate of the workspace, so that its version of wasm-bindgen is the one in `Cargo.lock`
//! and a bare machine installs no Rust tool.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod budget;
mod files;
mod site;
mod table;
mod test;
mod watch;
mod workspace;

use site::Mode;
use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, watches and tests the product")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build what the browser downloads into target/site
    Site {
        /// Fast to build instead of small to download
        #[arg(long)]
        dev: bool,
    },
    /// Add up what a browser must fetch before a person can draft
    Budget {
        /// The HTML shell that the server sends, to be counted with the rest
        #[arg(long)]
        html: Option<PathBuf>,
    },
    /// Rebuild and restart on every change
    Watch {
        /// Arguments of the server
        #[arg(last = true)]
        server: Vec<String>,
    },
    /// Run every check and every test
    Test {
        /// Run this step alone (it does not build what the step needs)
        #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(test::names()))]
        only: Option<String>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// `Ok(false)` is a verdict (over budget, a failed test) that has already been printed.
fn run(task: Task) -> Result<bool> {
    let workspace = Workspace::locate()?;
    match task {
        Task::Site { dev } => {
            let mode = if dev { Mode::Dev } else { Mode::Release };
            site::run(&workspace, mode).map(|()| true)
        }
        Task::Budget { html } => budget::run(&workspace, html.as_deref()),
        Task::Watch { server } => watch::run(&workspace, &server).map(|()| true),
        Task::Test { only } => test::run(&workspace, only.as_deref()),
    }
}
