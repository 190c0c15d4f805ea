//! The `roundtable` program.

use clap::Parser;
use server::config::{Cli, Command};
use server::start;
use std::process::ExitCode;

fn main() -> ExitCode {
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
