//! Browsers that signed in before: a cookie says for which accounts, and only this server can have written it.
//!
//! It opens nothing. It says that somebody else's failures are not this browser's.

use domain::person::Email;
use hmac::{Hmac, Mac};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use sha2::Sha256;
use std::fmt::Write as _;
use tower_sessions::cookie::time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

/// Accounts that one browser is known for; the one that signed in last stands first.
const ACCOUNTS: usize = 4;
/// Hexadecimal digits of an id, and of a mark.
const DIGITS: usize = 32;
/// How long a browser is known after it signed in.
const KNOWN_FOR: Duration = Duration::days(365);

/// A browser, as its cookie names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Which: hexadecimal digits.
    pub id: String,
    marks: Vec<String>,
}

/// Reads and writes the cookie's value, with the server's key.
#[derive(Clone)]
pub struct Devices {
    key: [u8; 32],
    https: bool,
}

impl std::fmt::Debug for Devices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Devices(…)")
    }
}

impl Devices {
    /// With the server's key, and whether people come over https.
    #[must_use]
    pub const fn new(key: [u8; 32], https: bool) -> Self {
        Self { key, https }
    }

    /// The browser of a request, if this server wrote its cookie.
    #[must_use]
    pub fn of(&self, headers: &HeaderMap) -> Option<Device> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
        let mut cookies = cookies.flat_map(Cookie::split_parse).filter_map(Result::ok);
        self.read(cookies.find(|cookie| cookie.name() == self.name())?.value())
    }

    /// The `Set-Cookie` that makes a browser known.
    #[must_use]
    pub fn cookie(&self, device: &Device) -> HeaderValue {
        let cookie = Cookie::build((self.name(), self.write(device)))
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(self.https)
            .path("/")
            .max_age(KNOWN_FOR);
        cookie.to_string().parse().expect("digits and dots in a cookie are a header's value")
    }

    /// The cookie's name; with https, one that no other host and no page without https can set.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        if self.https { "__Host-roundtable-device" } else { "roundtable-device" }
    }

    /// The browser of a cookie's value, if this server wrote it.
    fn read(&self, value: &str) -> Option<Device> {
        let mut parts = value.split('.');
        let (id, seal) = (parts.next()?, parts.next()?);
        let marks: Vec<String> = parts.map(str::to_owned).collect();
        let whole = marks.len() <= ACCOUNTS && id.len() == DIGITS;
        (whole && self.is_same(&self.seal(id, &marks), seal)).then(|| Device { id: id.to_owned(), marks })
    }

    /// The cookie's value.
    fn write(&self, device: &Device) -> String {
        let seal = self.seal(&device.id, &device.marks);
        device.marks.iter().fold(format!("{}.{seal}", device.id), |value, mark| value + "." + mark)
    }

    /// Whether a browser signed in to an account.
    #[must_use]
    pub fn knows(&self, device: &Device, account: &Email) -> bool {
        device.marks.contains(&self.mark(&device.id, account))
    }

    /// The browser after it signed in to an account; with a new id if it had none.
    #[must_use]
    pub fn signed_in(&self, before: Option<&Device>, account: &Email, new_id: [u8; DIGITS / 2]) -> Device {
        let Device { id, marks } =
            before.cloned().unwrap_or_else(|| Device { id: hexadecimal(&new_id), marks: Vec::new() });
        let mark = self.mark(&id, account);
        let others = marks.into_iter().filter(|other| *other != mark).take(ACCOUNTS - 1).collect::<Vec<_>>();
        Device { id, marks: std::iter::once(mark).chain(others).collect() }
    }

    /// Names an account in a log without saying it: 16 hexadecimal digits, the same for the same words.
    #[must_use]
    pub fn pseudonym(&self, account: &str) -> String {
        let mut name = self.mac(&["account", account]);
        name.truncate(DIGITS / 2);
        name
    }

    fn mark(&self, id: &str, account: &Email) -> String {
        self.mac(&["mark", id, account.as_str()])
    }

    fn seal(&self, id: &str, marks: &[String]) -> String {
        self.mac(&["seal", id, &marks.join(".")])
    }

    /// Compares hashes of both, so that the time it takes says nothing of where they begin to differ.
    fn is_same(&self, ours: &str, theirs: &str) -> bool {
        self.mac(&["compare", ours]) == self.mac(&["compare", theirs])
    }

    fn mac(&self, parts: &[&str]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(&part.len().to_be_bytes());
            mac.update(part.as_bytes());
        }
        hexadecimal(&mac.finalize().into_bytes()[..DIGITS / 2])
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: [u8; 16] = [0x1f; 16];

    fn account(n: usize) -> Email {
        Email::parse(&format!("a{n}@demo.example")).expect("an address")
    }

    #[test]
    fn a_cookie_is_believed_only_as_it_was_written() {
        let devices = Devices::new([1; 32], false);
        let device = devices.signed_in(None, &account(1), NEW);
        let value = devices.write(&device);
        assert_eq!(devices.read(&value), Some(device.clone()));
        assert!(devices.knows(&device, &account(1)) && !devices.knows(&device, &account(2)));
        assert_eq!(Devices::new([2; 32], false).read(&value), None, "another server's");
        let other = devices.write(&devices.signed_in(None, &account(2), NEW));
        let (_, foreign_mark) = other.rsplit_once('.').expect("a mark");
        for bad in ["", ".", &device.id, &format!("{value}.{foreign_mark}"), &value[1..], &value.replace('1', "2")] {
            assert_eq!(devices.read(bad), None, "{bad}");
        }
    }

    #[test]
    fn its_cookie_comes_back_among_others_and_over_https_under_a_name_of_its_own() {
        for (https, name) in [(false, "roundtable-device="), (true, "__Host-roundtable-device=")] {
            let devices = Devices::new([1; 32], https);
            let device = devices.signed_in(None, &account(1), NEW);
            let set = devices.cookie(&device);
            let set = set.to_str().expect("text");
            assert!(set.starts_with(name) && set.contains("; HttpOnly; SameSite=Strict;"), "{set}");
            assert_eq!(set.contains("; Secure"), https);
            let pair = set.split(';').next().expect("a pair");
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, format!("roundtable=x; {pair}; other=y").parse().expect("a value"));
            assert_eq!(devices.of(&headers), Some(device));
            assert_eq!(Devices::new([1; 32], !https).of(&headers), None);
        }
    }

    #[test]
    fn a_browser_is_known_for_the_last_few_accounts() {
        let devices = Devices::new([1; 32], false);
        let mut device = devices.signed_in(None, &account(0), NEW);
        for n in [1, 2, 3, 1, 4] {
            device = devices.signed_in(Some(&device), &account(n), [0; 16]);
        }
        let known: Vec<usize> = (0..5).filter(|n| devices.knows(&device, &account(*n))).collect();
        assert_eq!((device.id.clone(), known), ("1f".repeat(16), vec![1, 2, 3, 4]));
        assert_eq!(devices.read(&devices.write(&device)), Some(device));
    }
}
