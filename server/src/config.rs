//! What the program is told, by flags or by environment variables. A wrong value is an error at start.

use anyhow::{Context, bail};
use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::language::Language;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use store::{Credentials, Level, Options, Password};
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
    /// The user to sign in as at a database server. Its password is in `ROUNDTABLE_DATABASE_PASSWORD`, or in a file.
    #[arg(long, env = "ROUNDTABLE_DATABASE_USER", global = true)]
    pub database_user: Option<String>,
    /// Where the server has that user: database, namespace or root.
    #[arg(long, env = "ROUNDTABLE_DATABASE_USER_LEVEL", default_value = "database", value_parser = level, global = true)]
    pub database_user_level: Level,
    /// The file that holds the user's password and nothing else.
    #[arg(long, env = "ROUNDTABLE_DATABASE_PASSWORD_FILE", global = true)]
    pub database_password_file: Option<PathBuf>,
    /// The user's password. For the variable: whoever is on the machine can read a command line.
    #[arg(long, env = "ROUNDTABLE_DATABASE_PASSWORD", hide = true, hide_env_values = true, global = true)]
    pub database_password: Option<Password>,
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
    #[arg(long, env = "ROUNDTABLE_LOG_LEVEL", default_value = "info,surrealdb=warn,surrealkv=warn", value_parser = log_level, global = true)]
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
    /// Open streams of one person.
    #[arg(long, env = "ROUNDTABLE_STREAMS_PER_PERSON", default_value = "20", hide = true)]
    pub streams_per_person: usize,
}

impl Config {
    /// How to open the database.
    ///
    /// # Errors
    /// When there is a user without a password, or the password's file cannot be read.
    pub fn options(&self) -> anyhow::Result<Options> {
        let (accept_loss, reserve) = (self.accept_loss, u64::from(self.reserve_mb) << 20);
        Ok(Options { accept_loss, reserve, credentials: self.credentials()? })
    }

    /// Held against each other here and not by clap, which does not see a variable and a flag of a command together.
    fn credentials(&self) -> anyhow::Result<Option<Credentials>> {
        let password = match (&self.database_password, &self.database_password_file) {
            (Some(password), None) => Some(password.clone()),
            (None, Some(file)) => {
                let text = std::fs::read_to_string(file);
                let text = text.with_context(|| format!("reading the database's password from {}", file.display()))?;
                Some(Password::from(text.trim_end_matches(['\r', '\n']).to_owned()))
            }
            (None, None) => None,
            (Some(_), Some(_)) => bail!("the database's password is given twice: in its variable and in a file"),
        };
        match (self.database_user.clone(), password) {
            (Some(user), Some(password)) => Ok(Some(Credentials { level: self.database_user_level, user, password })),
            (Some(_), None) => bail!(
                "--database-user needs a password: in ROUNDTABLE_DATABASE_PASSWORD, or in a file named by \
                 --database-password-file"
            ),
            (None, Some(_)) => bail!("a password for the database, and no --database-user whose it is"),
            (None, None) => Ok(None),
        }
    }
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

fn level(text: &str) -> Result<Level, &'static str> {
    Level::ALL.into_iter().find(|level| level.as_str() == text).ok_or("database, namespace or root")
}

fn database(text: &str) -> Result<String, &'static str> {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    match (scheme, rest) {
        // An address is shown and logged.
        ("ws" | "wss", rest) if rest.contains('@') => Err("no user in the address: there is --database-user"),
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
        let good: [&[&str]; 18] = [
            &[],
            &["--address", "[::1]:0"],
            &["--database", "mem://"],
            &["--database", "surrealkv:///somewhere/else"],
            &["--database", "ws://localhost:8000"],
            &["--database", "wss://localhost", "--database-user", "council", "--database-password", "x"],
            &["backup", "x", "--database-user", "a", "--database-user-level", "root", "--database-password-file", "f"],
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
        let bad: [&[&str]; 18] = [
            &["--address", "localhost"],
            &["--address", "127.0.0.1:99999"],
            &["--database", "data"],
            &["--database", "mysql://host"],
            &["--database", "surrealkv://"],
            &["--database", "mem://x"],
            &["--database", "ws://somebody:secret@localhost"],
            &["--database-user", "a", "--database-user-level", "king"],
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
    fn a_password_is_of_the_variable_or_of_a_file_and_is_not_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("password");
        std::fs::write(&file, "the secret\n").expect("a file");
        let file = file.to_str().expect("a name");
        let expected = Credentials {
            level: Level::Database,
            user: "council".to_owned(),
            password: Password::from("the secret".to_owned()),
        };
        for how in [["--database-password", "the secret"], ["--database-password-file", file]] {
            let config = parse(&["--database-user", "council", how[0], how[1]]).expect("a command line").config;
            let options = config.options().expect("options");
            assert_eq!(options.credentials.as_ref(), Some(&expected));
            assert!(!format!("{config:?} {options:?}").contains("secret"));
        }
        let bad: [(&[&str], &str); 5] = [
            (&["--database-user", "council"], "ROUNDTABLE_DATABASE_PASSWORD"),
            (&["--database-user", "council", "--database-password-file", "/nowhere/at/all"], "/nowhere/at/all"),
            (&["--database-user", "council", "--database-password", "x", "--database-password-file", file], "twice"),
            (&["--database-password", "of nobody"], "--database-user"),
            (&["--database-password-file", file], "--database-user"),
        ];
        for (arguments, named) in bad {
            let error = parse(arguments).expect("a command line").config.options().expect_err("half of it");
            assert!(error.to_string().contains(named), "{error}");
        }
        let after = parse(&["--database-password", "x", "backup", "f", "--database-user", "council"]);
        assert!(after.expect("a command line").config.options().expect("options").credentials.is_some());
        let help = <Cli as clap::CommandFactory>::command().render_long_help().to_string();
        assert!(!help.contains("ROUNDTABLE_DATABASE_PASSWORD=") && help.contains("ROUNDTABLE_DATABASE_USER"));
    }

    #[test]
    fn a_public_url_is_an_origin() {
        let url: PublicUrl = "HTTPS://Council.Example/".parse().expect("a URL");
        assert_eq!(url.origin(), "https://council.example");
        assert!(url.is_https());
    }
}
