//! The `roundtable` program.

use clap::Parser;
use server::config::{Cli, Command};
use server::{backup, start};
use std::process::ExitCode;

/// What is written belongs to the person who runs this: folders 0700, files 0600.
const PRIVATE: u32 = 0o077;

fn main() -> ExitCode {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(PRIVATE));
    let Cli { command, config } = Cli::parse();
    let asked = config.clone();
    let done = match command {
        None => start::run(&config),
        Some(Command::Shell { language }) => start::print_shell(&config, language),
        Some(Command::Backup { file }) => start::at_the_terminal(&config, backup::back_up(asked, file)),
        Some(Command::Restore { file }) => start::at_the_terminal(&config, backup::restore(asked, file)),
        Some(Command::Verify { file }) => start::at_the_terminal(&config, backup::verify(file)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roundtable: {error:#}");
            ExitCode::FAILURE
        }
    }
}
