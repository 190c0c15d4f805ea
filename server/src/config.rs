//! What the program is told, by flags or by environment variables. A wrong value is an error at start.

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::language::Language;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use tracing_subscriber::EnvFilter;

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "roundtable", version, about = "The council's server: reports drafted anywhere, seen together.")]
pub struct Cli {
    /// What to do; serving, when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How.
    #[command(flatten)]
    pub config: Config,
}

/// What to do instead of serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the HTML shell of the site in one language.
    Shell {
        /// `en` or `fr`.
        #[arg(long, value_parser = language)]
        language: Language,
    },
    /// Write everything into one file, while the server runs on the database or not.
    Backup {
        /// The file to make.
        file: PathBuf,
    },
    /// Bring a backup back into an empty database, under a new instance.
    Restore {
        /// The file that `backup` made.
        file: PathBuf,
    },
    /// Read a backup and check every batch and every text in it.
    Verify {
        /// The file that `backup` made.
        file: PathBuf,
    },
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// The address to listen on.
    #[arg(long, env = "ROUNDTABLE_ADDRESS", default_value = "127.0.0.1:3000")]
    pub address: SocketAddr,
    /// The database: <surrealkv://folder>, <mem://>, or <ws://host:port>.
    #[arg(long, env = "ROUNDTABLE_DATABASE", default_value = "surrealkv://data", value_parser = database, global = true)]
    pub database: String,
    /// Go on although acknowledged changes are missing from the database, under a new identity: every device offers again
    /// what it holds.
    #[arg(long)]
    pub accept_loss: bool,
    /// Megabytes to keep free on the disk of an embedded database: with less, nothing more is taken.
    #[arg(long, env = "ROUNDTABLE_RESERVE_MB", default_value = "64", global = true)]
    pub reserve_mb: u32,
    /// The folder of built files.
    #[arg(long, env = "ROUNDTABLE_SITE", default_value = "target/site", global = true)]
    pub site: PathBuf,
    /// What to log: off, error, warn, info, debug or trace; also by part, as in warn,server=debug.
    #[arg(long, env = "ROUNDTABLE_LOG_LEVEL", default_value = "info,surrealdb=warn,surrealkv=warn,tower_sessions_surrealdb_store=warn", value_parser = log_level, global = true)]
    pub log_level: String,
    /// How to write the log.
    #[arg(long, env = "ROUNDTABLE_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub log_format: LogFormat,
    /// Load the demonstration council into an empty database.
    #[arg(long, env = "ROUNDTABLE_DEMO", value_parser = BoolishValueParser::new())]
    pub demo: bool,
    /// The address that people type, as in <https://council.example>; with https, cookies are sent over https only.
    #[arg(long, env = "ROUNDTABLE_PUBLIC_URL")]
    pub public_url: Option<PublicUrl>,
    /// Take a client's address from the last X-Forwarded-For entry: only behind a proxy that sets it.
    #[arg(long, env = "ROUNDTABLE_BEHIND_PROXY", value_parser = BoolishValueParser::new())]
    pub behind_proxy: bool,
    /// Attempts to sign in from one address in a minute.
    #[arg(long, env = "ROUNDTABLE_SIGN_IN_PER_MINUTE", default_value = "30", hide = true)]
    pub sign_in_per_minute: NonZeroU32,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object to a line.
    Json,
}

/// The origin that people's browsers know: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
}

impl PublicUrl {
    /// As browsers write it in `Origin`: `https://council.example`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether people come over https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

impl std::str::FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "give the scheme and the host only, as in https://council.example";
        let uri: http::Uri = text.parse().map_err(|_| FORM)?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or(FORM)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or(FORM)?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(FORM);
        }
        Ok(Self { origin: format!("{scheme}://{authority}").to_ascii_lowercase() })
    }
}

fn language(text: &str) -> Result<Language, &'static str> {
    Language::from_tag(text).ok_or("en or fr")
}

fn database(text: &str) -> Result<String, &'static str> {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    match (scheme, rest) {
        ("mem", "") => Ok(text.to_owned()),
        ("surrealkv" | "ws" | "wss", rest) if !rest.is_empty() => Ok(text.to_owned()),
        _ => Err("surrealkv://folder, mem://, ws://host:port or wss://host:port"),
    }
}

/// `EnvFilter` takes any single word for the name of a part, a mistyped level too; here a word is a level.
fn log_level(text: &str) -> Result<String, &'static str> {
    const FORM: &str = "off, error, warn, info, debug or trace, or by part as in warn,server=debug";
    let is_level = |word: &str| matches!(word, "off" | "error" | "warn" | "info" | "debug" | "trace");
    let all_known =
        text.split(',').all(|part| part.split_once('=').map_or_else(|| is_level(part), |(_, level)| is_level(level)));
    if all_known && EnvFilter::try_new(text).is_ok() { Ok(text.to_owned()) } else { Err(FORM) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from([&["roundtable"], arguments].concat())
    }

    #[test]
    fn values_are_checked() {
        let good: [&[&str]; 16] = [
            &[],
            &["--address", "[::1]:0"],
            &["--database", "mem://"],
            &["--database", "surrealkv:///somewhere/else"],
            &["--database", "ws://localhost:8000"],
            &["--log-level", "warn,server=debug"],
            &["--log-format", "json"],
            &["--demo"],
            &["--accept-loss", "--reserve-mb", "8"],
            &["--public-url", "https://council.example"],
            &["--public-url", "http://council.example:8080/"],
            &["shell", "--language", "fr"],
            &["shell", "--language", "en", "--site", "elsewhere"],
            &["backup", "council.backup", "--database", "surrealkv:///somewhere/else"],
            &["restore", "council.backup"],
            &["verify", "council.backup", "--log-level", "error"],
        ];
        for arguments in good {
            assert!(parse(arguments).is_ok(), "{arguments:?}: {:?}", parse(arguments));
        }
        let bad: [&[&str]; 16] = [
            &["--address", "localhost"],
            &["--address", "127.0.0.1:99999"],
            &["--database", "data"],
            &["--database", "mysql://host"],
            &["--database", "surrealkv://"],
            &["--database", "mem://x"],
            &["--log-level", "loud"],
            &["--log-level", "server=loud"],
            &["--log-level", ""],
            &["--log-format", "xml"],
            &["--public-url", "council.example"],
            &["--public-url", "https://council.example/path"],
            &["--sign-in-per-minute", "0"],
            &["shell", "--language", "de"],
            &["backup"],
            &["--unheard-of"],
        ];
        for arguments in bad {
            let error = parse(arguments).expect_err(&format!("{arguments:?}"));
            assert_eq!(error.exit_code(), 2, "{arguments:?}");
        }
    }

    #[test]
    fn a_public_url_is_an_origin() {
        let url: PublicUrl = "HTTPS://Council.Example/".parse().expect("a URL");
        assert_eq!(url.origin(), "https://council.example");
        assert!(url.is_https());
    }
}
