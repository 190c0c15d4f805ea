//! The demonstration's files, read into types; nothing in them is believed before it is checked.

use crate::error::StoreError;
use domain::language::{Bilingual, Language};
use domain::member::MemberKind;
use domain::section::Section;
use domain::theme::{ColourToken, ThemeId};
use serde::Deserialize;

/// A member.
#[derive(Deserialize)]
pub struct DemoMember {
    pub key: String,
    pub kind: MemberKind,
    pub parent: Option<String>,
    pub name: Bilingual,
    pub short: Bilingual,
    pub province: Option<String>,
}

/// A theme.
#[derive(Deserialize)]
pub struct DemoTheme {
    pub slug: String,
    pub name: Bilingual,
    pub description: Bilingual,
    pub colour: ColourToken,
    pub position: u32,
}

/// A report.
#[derive(Deserialize)]
pub struct DemoReport {
    pub member: String,
    pub contact: DemoContact,
    pub submitted: bool,
    pub items: Vec<DemoItem>,
}

/// Its contact person.
#[derive(Deserialize)]
pub struct DemoContact {
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// One of its items.
#[derive(Deserialize)]
pub struct DemoItem {
    pub section: Section,
    pub language: Language,
    pub title: String,
    pub text: String,
    pub themes: Vec<ThemeId>,
}

pub fn members() -> Result<Vec<DemoMember>, StoreError> {
    Ok(serde_json::from_str(include_str!("../../demo/members.json"))?)
}

pub fn themes() -> Result<Vec<DemoTheme>, StoreError> {
    Ok(serde_json::from_str(include_str!("../../demo/themes.json"))?)
}

/// One list for each edition, the oldest first.
pub fn reports() -> Result<[Vec<DemoReport>; 3], StoreError> {
    Ok([
        serde_json::from_str(include_str!("../../demo/reports-1.json"))?,
        serde_json::from_str(include_str!("../../demo/reports-2.json"))?,
        serde_json::from_str(include_str!("../../demo/reports-3.json"))?,
    ])
}
