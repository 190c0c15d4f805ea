//! Structured logs, on standard error: standard output is for the person who started the program.

mod flood;

pub use flood::say_what_was_left_out;

use crate::config::{Config, LogFormat};
use flood::Flood;
use std::io::{self, IsTerminal};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging.
///
/// # Errors
/// When the level is none, or logging was started before.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log_level)?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let registry = tracing_subscriber::registry().with(filter);
    let started = match config.log_format {
        LogFormat::Text => registry.with(lines.with_filter(Flood)).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true).with_filter(Flood)).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging: {error}"))
}
