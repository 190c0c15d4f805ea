//! The addresses of the screens, in both languages. One page has one address in each language, and the language
//! switch leads from one to the other.

use domain::language::Language;

/// The id of the style sheet of the wall and its remote control, in every page.
pub const ROOM_STYLE: &str = "room-style";

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Where a person lands.
    Home,
    /// Signing in.
    SignIn,
    /// The member's report.
    Report,
    /// The theme board.
    Board,
    /// The wall of the meeting room.
    Projector,
    /// The presenter's remote control.
    Presenter,
    /// What waits to be sent.
    Outbox,
    /// Reading a rescue file.
    Rescue,
    /// What the council has beside what the device has.
    CouncilCopy,
    /// Who wrote what when in a field.
    History,
    /// Choosing between two texts of a field.
    Conflict,
    /// Where the person is signed in.
    Sessions,
    /// No such address.
    NotFound,
}

impl Page {
    /// Every page that has an address.
    pub const ALL: [Self; 12] = [
        Self::Home,
        Self::SignIn,
        Self::Report,
        Self::Board,
        Self::Projector,
        Self::Presenter,
        Self::Outbox,
        Self::Rescue,
        Self::CouncilCopy,
        Self::History,
        Self::Conflict,
        Self::Sessions,
    ];

    /// Its slug in a language.
    #[must_use]
    pub const fn slug(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Home | Self::NotFound, _) => "",
            (Self::SignIn, Language::En) => "sign-in",
            (Self::SignIn, Language::Fr) => "ouvrir-une-session",
            (Self::Report, Language::En) => "report",
            (Self::Report, Language::Fr) => "rapport",
            (Self::Board, Language::En) => "board",
            (Self::Board, Language::Fr) => "tableau",
            (Self::Projector, Language::En) => "projector",
            (Self::Projector, Language::Fr) => "projecteur",
            (Self::Presenter, Language::En) => "presenter",
            (Self::Presenter, Language::Fr) => "presentation",
            (Self::Outbox, Language::En) => "outbox",
            (Self::Outbox, Language::Fr) => "boite-d-envoi",
            (Self::Rescue, Language::En) => "rescue-file",
            (Self::Rescue, Language::Fr) => "fichier-de-secours",
            (Self::CouncilCopy, Language::En) => "council-copy",
            (Self::CouncilCopy, Language::Fr) => "copie-du-conseil",
            (Self::History, Language::En) => "history",
            (Self::History, Language::Fr) => "historique",
            (Self::Conflict, Language::En) => "two-texts",
            (Self::Conflict, Language::Fr) => "deux-textes",
            (Self::Sessions, Language::En) => "sessions",
            (Self::Sessions, Language::Fr) => "sessions-ouvertes",
        }
    }

    /// Its path in a language, for example `/fr/rapport`.
    #[must_use]
    pub fn path(self, language: Language) -> String {
        match self.slug(language) {
            "" => format!("/{language}"),
            slug => format!("/{language}/{slug}"),
        }
    }
}

/// What a path names. The language is none at `/`, where the person's own decides.
#[must_use]
pub fn parse(path: &str) -> (Option<Language>, Page) {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let Some(first) = segments.next() else { return (None, Page::Home) };
    let language = Language::ALL.into_iter().find(|language| first == language.code());
    let (Some(language), slug, None) = (language, segments.next().unwrap_or_default(), segments.next()) else {
        return (language, Page::NotFound);
    };
    let page = Page::ALL.into_iter().find(|page| page.slug(language) == slug).unwrap_or(Page::NotFound);
    (Some(language), page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_at_its_own_address() {
        for language in Language::ALL {
            for page in Page::ALL {
                assert_eq!(parse(&page.path(language)), (Some(language), page));
            }
        }
        assert_eq!(Page::Report.path(Language::Fr), "/fr/rapport");
    }

    #[test]
    fn other_addresses_are_not_found_in_their_language() {
        let cases = [
            ("/", (None, Page::Home)),
            ("/fr/", (Some(Language::Fr), Page::Home)),
            ("/en/rapport", (Some(Language::En), Page::NotFound)),
            ("/en/report/x", (Some(Language::En), Page::NotFound)),
            ("/de/report", (None, Page::NotFound)),
        ];
        for (path, expected) in cases {
            assert_eq!(parse(path), expected, "{path}");
        }
    }
}
