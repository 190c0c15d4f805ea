//! The `roundtable` program.

use clap::Parser;
use server::config::{Cli, Command};
use server::start;
use std::process::ExitCode;

/// What is written belongs to the person who runs this: folders 0700, files 0600.
const PRIVATE: u32 = 0o077;

fn main() -> ExitCode {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(PRIVATE));
    let cli = Cli::parse();
    let done = match &cli.command {
        None => start::run(&cli.config),
        Some(Command::Shell { language }) => start::print_shell(&cli.config, *language),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roundtable: {error:#}");
            ExitCode::FAILURE
        }
    }
}
