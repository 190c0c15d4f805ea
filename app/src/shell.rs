//! The HTML shell: the only page that the server makes. The program in it draws everything else.

use domain::language::Language;
use leptos::prelude::*;
use serde::Deserialize;

/// Where the built files are, as paths from the site's root.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShellAssets {
    /// The style sheet.
    pub css: String,
    /// The glue that loads the program.
    pub js: String,
    /// The program.
    pub wasm: String,
    /// The module that starts it.
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

/// The shell in one language. It holds no inline script and no inline style, so that the content security policy
/// can refuse both.
#[must_use]
pub fn shell(language: Language, site: &ShellAssets) -> String {
    let ShellAssets { css, js, wasm, boot } = site.clone();
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
        let site = ShellAssets { css: path("a.css"), js: path("a.js"), wasm: path("a.wasm"), boot: path("boot.js") };
        for (language, opening) in
            [(Language::En, "Opening Roundtable…"), (Language::Fr, "Ouverture de Tour de table…")]
        {
            let html = shell(language, &site);
            assert!(html.starts_with("<!DOCTYPE html><html lang="), "{html}");
            let needed = [
                format!("<html lang=\"{language}\">"),
                "<link rel=\"stylesheet\" href=\"/pkg/a.css\">".to_owned(),
                "<link rel=\"modulepreload\" href=\"/pkg/a.js\">".to_owned(),
                "href=\"/pkg/a.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin=\"anonymous\">".to_owned(),
                "<script type=\"module\" src=\"/pkg/boot.js\"></script>".to_owned(),
                format!("<div id=\"splash\" role=\"status\"><p>{opening}</p></div>"),
                "</body></html>".to_owned(),
            ];
            for part in needed {
                assert!(html.contains(&part), "{part} in {html}");
            }
        }
    }
}
