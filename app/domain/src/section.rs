//! The four sections of the form.

use serde::{Deserialize, Serialize};

/// A section of the information exchange form, in the form's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// 1. Achievements of the last 6 to 12 months.
    Achievements,
    /// 2. Priorities of the next 12 to 36 months.
    Priorities,
    /// 3. Issues and needs, and the help wanted from the council.
    IssuesAndNeeds,
    /// 4. Topics for the council's agenda.
    MeetingTopics,
}

impl Section {
    /// All four, in the form's order.
    pub const ALL: [Self; 4] = [Self::Achievements, Self::Priorities, Self::IssuesAndNeeds, Self::MeetingTopics];

    /// Its number on the form, 1 to 4.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Achievements => 1,
            Self::Priorities => 2,
            Self::IssuesAndNeeds => 3,
            Self::MeetingTopics => 4,
        }
    }

    /// The name used on the wire, in URLs and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Achievements => "achievements",
            Self::Priorities => "priorities",
            Self::IssuesAndNeeds => "issues_and_needs",
            Self::MeetingTopics => "meeting_topics",
        }
    }
}
