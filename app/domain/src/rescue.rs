//! The rescue file: one report as one self-contained HTML page, which any browser opens and this program reads back.
//!
//! The page shows the words to people; a block of JSON in it holds the same fields for the program:
//!
//! ```json
//! {"version":1,"report":"<edition>.<member>","saved_at":"…","fields":[{"item":"…","field":"title","value":"…"}]}
//! ```

use crate::field::{ContactValue, FieldValue, ItemValue};
use crate::id::{ItemId, ReportId};
use crate::json;
use crate::language::Language;
use crate::position::Position;
use crate::section::Section;
use crate::time::Timestamp;
use serde::Serialize;
use std::fmt::Write as _;

/// The version of the block of JSON.
pub const VERSION: u32 = 1;

const BLOCK: &str = r#"<script type="application/json" id="roundtable-report">"#;
const BLOCK_END: &str = "</script>";

/// A report as it stood on a device.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rescue {
    /// [`VERSION`].
    pub version: u32,
    /// Which report.
    pub report: ReportId,
    /// The device's clock.
    pub saved_at: Timestamp,
    /// Every field, deleted items too.
    pub fields: Vec<FieldValue>,
}
crate::record!(Rescue { version, report, saved_at, fields });

/// What the page says around the person's own words, in the language of the page.
#[derive(Debug, Clone)]
pub struct Labels<'a> {
    /// The language of the labels.
    pub language: Language,
    /// The heading: what the report is of.
    pub title: &'a str,
    /// What the file is, and how it is read back.
    pub about: &'a str,
    /// The heading of the contact person.
    pub contact: &'a str,
    /// The heading of each section, in the order of [`Section::ALL`].
    pub sections: [&'a str; 4],
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not a rescue file, or a cut one.
    #[error("not a rescue file")]
    NotOne,
    /// A newer program wrote it.
    #[error("written by a newer version")]
    Newer,
}

/// One item's words, collected from its fields.
struct Entry<'a> {
    item: ItemId,
    section: Section,
    position: Option<&'a Position>,
    language: Language,
    title: &'a str,
    text: &'a str,
    deleted: bool,
}

impl Rescue {
    /// The page.
    #[must_use]
    pub fn to_html(&self, labels: &Labels<'_>) -> String {
        let mut page = String::new();
        let (language, title) = (labels.language.code(), escaped(labels.title));
        let _ = write!(
            page,
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>body{{font:1.125rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}\
             .text{{white-space:pre-wrap}}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n",
            escaped(labels.about)
        );
        let _ = write!(page, "<h2>{}</h2>\n<p class=\"text\">", escaped(labels.contact));
        for value in &self.fields {
            if let FieldValue::Contact(value) = value {
                let _ = writeln!(page, "{}", escaped(value.text()));
            }
        }
        page.push_str("</p>\n");
        let entries = self.entries();
        for (section, heading) in Section::ALL.into_iter().zip(labels.sections) {
            let _ = writeln!(page, "<h2>{}</h2>", escaped(heading));
            for entry in entries.iter().filter(|entry| entry.section == section && !entry.deleted) {
                let language = entry.language.code();
                let (title, text) = (escaped(entry.title), escaped(entry.text));
                let _ = write!(
                    page,
                    "<h3 lang=\"{language}\">{title}</h3>\n<p class=\"text\" lang=\"{language}\">{text}</p>\n"
                );
            }
        }
        // Inside a script nothing is escaped; a `<` in a JSON text can be written without being one.
        let block = json::write(self).to_string().replace('<', "\\u003c");
        let _ = write!(page, "{BLOCK}{block}{BLOCK_END}\n</body>\n</html>\n");
        page
    }

    /// Reads a page back.
    ///
    /// # Errors
    /// When it is none of ours.
    pub fn parse(page: &str) -> Result<Self, Unreadable> {
        let (_, rest) = page.rsplit_once(BLOCK).ok_or(Unreadable::NotOne)?;
        let (block, _) = rest.split_once(BLOCK_END).ok_or(Unreadable::NotOne)?;
        let value: serde_json::Value = serde_json::from_str(block).map_err(|_| Unreadable::NotOne)?;
        if value.get("version").and_then(serde_json::Value::as_u64).is_some_and(|version| version > VERSION.into()) {
            return Err(Unreadable::Newer);
        }
        json::read(&value).map_err(|_| Unreadable::NotOne)
    }

    fn entries(&self) -> Vec<Entry<'_>> {
        let mut entries: Vec<Entry<'_>> = Vec::new();
        for value in &self.fields {
            let FieldValue::Item(item, value) = value else { continue };
            let at = entries.iter().position(|entry| entry.item == *item).unwrap_or_else(|| {
                let (section, language) = (Section::Achievements, Language::En);
                entries.push(Entry {
                    item: *item,
                    section,
                    position: None,
                    language,
                    title: "",
                    text: "",
                    deleted: false,
                });
                entries.len() - 1
            });
            let entry = &mut entries[at];
            match value {
                ItemValue::Section(section) => entry.section = *section,
                ItemValue::Position(position) => entry.position = Some(position),
                ItemValue::Language(language) => entry.language = *language,
                ItemValue::Title(title) => entry.title = title,
                ItemValue::Text(text) => entry.text = text,
                ItemValue::Deleted(deleted) => entry.deleted = *deleted,
                ItemValue::Themes(_) => {}
            }
        }
        entries.sort_by(|a, b| (a.position, a.item).cmp(&(b.position, b.item)));
        entries
    }

    /// The item's title in the file, for a person who chooses what to take over.
    #[must_use]
    pub fn title_of(&self, item: ItemId) -> &str {
        let title = self.fields.iter().find_map(|value| match value {
            FieldValue::Item(of, ItemValue::Title(title)) if *of == item => Some(title.as_str()),
            FieldValue::Item(..) | FieldValue::Contact(_) => None,
        });
        title.unwrap_or_default()
    }

    /// Whether anything was ever written in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let blank = |value: &FieldValue| match value {
            FieldValue::Contact(ContactValue::Name(text) | ContactValue::Email(text) | ContactValue::Phone(text))
            | FieldValue::Item(_, ItemValue::Title(text) | ItemValue::Text(text)) => text.is_empty(),
            FieldValue::Item(..) => true,
        };
        self.fields.iter().all(blank)
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{EditionId, MemberId};
    use proptest::prelude::*;

    fn labels() -> Labels<'static> {
        Labels {
            language: Language::Fr,
            title: "Québec · <édition>",
            about: "À relire avec Tour de table.",
            contact: "Personne-ressource",
            sections: ["1. Réalisations", "2. Priorités", "3. Enjeux et besoins", "4. Sujets"],
        }
    }

    fn rescue(name: &str, title: &str, text: &str) -> Rescue {
        let at = Timestamp::from_millis(1);
        let item = ItemId::new(at, &[3; 10]);
        Rescue {
            version: VERSION,
            report: ReportId { edition: EditionId::new(at, &[1; 10]), member: MemberId::new(at, &[2; 10]) },
            saved_at: at,
            fields: vec![
                FieldValue::Contact(ContactValue::Name(name.to_owned())),
                FieldValue::Item(item, ItemValue::Section(Section::Priorities)),
                FieldValue::Item(item, ItemValue::Title(title.to_owned())),
                FieldValue::Item(item, ItemValue::Text(text.to_owned())),
            ],
        }
    }

    #[test]
    fn people_read_the_words_in_their_places() {
        let page = rescue("Camille", "Un seul numéro", "Ligne 1\nLigne 2").to_html(&labels());
        let places = ["Camille", "2. Priorités", "Un seul numéro", "Ligne 1\nLigne 2", "3. Enjeux et besoins"];
        let found: Vec<usize> = places.iter().map(|place| page.find(place).expect(place)).collect();
        assert!(found.is_sorted(), "{page}");
        assert!(page.contains("<h1>Québec · &lt;édition&gt;</h1>"));
    }

    #[test]
    fn other_files_are_told_apart() {
        assert_eq!(Rescue::parse("<html>portal</html>"), Err(Unreadable::NotOne));
        let page = rescue("a", "b", "c").to_html(&labels());
        assert_eq!(Rescue::parse(&page[..page.len() - 60]), Err(Unreadable::NotOne), "cut");
        assert_eq!(Rescue::parse(&page.replace("\"version\":1", "\"version\":2")), Err(Unreadable::Newer));
    }

    proptest! {
        /// Whatever a person wrote, scripts and our own marks included, comes back, and stays text in the page.
        #[test]
        fn every_word_comes_back(name in ".{0,40}", title in ".{0,40}", words in ".{0,200}", n in 0..4_usize) {
            let hostile = ["</script><script>alert(1)</script>", BLOCK, "<!--", "\u{2028}\\u003c"][n];
            let before = rescue(&name, &title, &format!("{words}{hostile}{words}"));
            let page = before.to_html(&labels());
            prop_assert_eq!(page.matches("<script").count(), 1);
            prop_assert_eq!(Rescue::parse(&page), Ok(before));
        }
    }
}
