//! The HTML shell: the only page that the server makes. The program in it draws everything else.

use crate::routes::{Page, ROOM_STYLE};
use domain::language::Language;
use leptos::prelude::*;
use serde::Deserialize;

/// What a visit starts with: each is the whole program, and holds from the first what its pages need. It matters to a
/// browser that keeps nothing of the program yet; later its service worker answers with [`Start::Draft`], and on the
/// board with [`Start::Board`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Drafting, and whatever is small.
    Draft,
    /// The theme board.
    Board,
    /// The wall of the meeting room, which the presenter's remote control shows too.
    Room,
}

impl Start {
    /// The one for a page.
    #[must_use]
    pub const fn of(page: Page) -> Self {
        match page {
            Page::Board => Self::Board,
            Page::Projector | Page::Presenter => Self::Room,
            _ => Self::Draft,
        }
    }
}

/// Something of each start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ByStart<T> {
    /// Of [`Start::Draft`].
    pub draft: T,
    /// Of [`Start::Board`].
    pub board: T,
    /// Of [`Start::Room`].
    pub room: T,
}

impl<T> ByStart<T> {
    /// The one of a start.
    pub const fn get(&self, start: Start) -> &T {
        match start {
            Start::Draft => &self.draft,
            Start::Board => &self.board,
            Start::Room => &self.room,
        }
    }

    /// Something made of each.
    pub fn map<U>(&self, make: impl Fn(&T) -> U) -> ByStart<U> {
        ByStart { draft: make(&self.draft), board: make(&self.board), room: make(&self.room) }
    }
}

/// Where the built files are, as paths from the site's root.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShellAssets {
    /// The style sheet of every page.
    pub css: String,
    /// The one of the wall and its remote control besides.
    pub room_css: String,
    /// The glue that loads the program.
    pub js: String,
    /// The program, by where a visit starts.
    pub starts: ByStart<Program>,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Program {
    /// The module.
    pub wasm: String,
    /// The script that starts it.
    pub boot: String,
}

/// What the shell says before there is a program to say it.
struct Words {
    opening: &'static str,
    no_script: &'static str,
    description: &'static str,
}

const fn words(language: Language) -> Words {
    match language {
        Language::En => Words {
            opening: "Opening Roundtable…",
            no_script: "Roundtable keeps drafts on your device, and needs JavaScript for it. Turn it on for this site, then reload the page.",
            description: "The council’s reports, drafted anywhere, seen together.",
        },
        Language::Fr => Words {
            opening: "Ouverture de Tour de table…",
            no_script: "Tour de table garde les ébauches sur votre appareil et a besoin de JavaScript pour le faire. Activez-le pour ce site, puis rechargez la page.",
            description: "Les rapports du conseil, rédigés n’importe où, vus ensemble.",
        },
    }
}

/// The shells in one language. They hold no inline script and no inline style, so that the content security policy
/// can refuse both.
#[must_use]
pub fn shells(language: Language, site: &ShellAssets) -> ByStart<String> {
    site.starts.map(|program| shell(language, site, program))
}

fn shell(language: Language, site: &ShellAssets, program: &Program) -> String {
    // Drafting fetches it last, and it applies to nothing until somebody goes to the board or the wall.
    let waits = (*program == site.starts.draft).then_some("not all");
    let room_css = site.room_css.clone();
    let (css, js, Program { wasm, boot }) = (site.css.clone(), site.js.clone(), program.clone());
    let Words { opening, no_script, description } = words(language);
    view! {
        <!DOCTYPE html>
        <html lang=language.code()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>"Roundtable · Tour de table"</title>
                <meta name="description" content=description />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14181f" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="icon" href="/icons/icon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=css />
                <link rel="stylesheet" id=ROOM_STYLE href=room_css media=waits />
                <link rel="modulepreload" href=js />
                <link rel="preload" href=wasm r#as="fetch" type="application/wasm" crossorigin="anonymous" />
                <script type="module" src=boot></script>
            </head>
            <body>
                <div id="splash" role="status">
                    <p>{opening}</p>
                </div>
                <noscript>
                    <p>{no_script}</p>
                </noscript>
            </body>
        </html>
    }
    .to_html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_is_whole_and_in_its_language() {
        let path = |name: &str| format!("/pkg/{name}");
        let program = |name: &str| Program { wasm: path(&format!("{name}.wasm")), boot: path(&format!("{name}.js")) };
        let starts = ByStart { draft: program("draft"), board: program("board"), room: program("room") };
        let site = ShellAssets { css: path("a.css"), room_css: path("r.css"), js: path("a.js"), starts };
        for (language, opening) in
            [(Language::En, "Opening Roundtable…"), (Language::Fr, "Ouverture de Tour de table…")]
        {
            let pages = [Page::Report, Page::Home, Page::Board, Page::Projector, Page::Presenter];
            for (page, start) in pages.into_iter().zip(["draft", "draft", "board", "room", "room"]) {
                let html = shells(language, &site).get(Start::of(page)).clone();
                assert!(html.contains(&format!("src=\"/pkg/{start}.js\"></script>")), "{page:?}: {html}");
                assert!(html.contains(&format!("href=\"/pkg/{start}.wasm\" as=\"fetch\"")), "{page:?}: {html}");
            }
            let ByStart { board, room, .. } = shells(language, &site);
            for html in [board, room] {
                assert!(html.contains("<link rel=\"stylesheet\" id=\"room-style\" href=\"/pkg/r.css\">"), "{html}");
            }
            let html = shells(language, &site).draft;
            assert!(html.starts_with("<!DOCTYPE html><html lang="), "{html}");
            let needed = [
                format!("<html lang=\"{language}\">"),
                "<link rel=\"stylesheet\" href=\"/pkg/a.css\">".to_owned(),
                "<link rel=\"stylesheet\" id=\"room-style\" href=\"/pkg/r.css\" media=\"not all\">".to_owned(),
                "<link rel=\"modulepreload\" href=\"/pkg/a.js\">".to_owned(),
                "href=\"/pkg/draft.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin=\"anonymous\">".to_owned(),
                "<script type=\"module\" src=\"/pkg/draft.js\"></script>".to_owned(),
                format!("<div id=\"splash\" role=\"status\"><p>{opening}</p></div>"),
                "</body></html>".to_owned(),
            ];
            for part in needed {
                assert!(html.contains(&part), "{part} in {html}");
            }
        }
    }
}
