//! The sizes that the form shows, the browser keeps to, and the server enforces.

/// Characters (Unicode scalar values) in an item's text.
pub const ITEM_TEXT_CHARS: usize = 20_000;
/// Characters in an item's title.
pub const ITEM_TITLE_CHARS: usize = 200;
/// Characters in one contact field.
pub const CONTACT_CHARS: usize = 200;
/// Items in a report, deleted ones not counted.
pub const REPORT_ITEMS: usize = 200;
/// Items in a report, deleted ones counted: tombstones travel, so they are bounded too.
pub const REPORT_ITEMS_EVER: usize = 2_000;
/// Themes on one item.
pub const ITEM_THEMES: usize = 8;
/// Bytes of the JSON of what an operation has beyond what this program knows: a newer program's, kept as it came.
pub const OPERATION_EXTRA_BYTES: usize = 4 << 10;
/// Bytes that may be written into one report on a day, by UTC: sixteen times a report that is as full as it may be, in
/// letters of one byte.
pub const REPORT_BYTES_A_DAY: usize = 64 << 20;
/// Operations in one push.
pub const PUSH_OPERATIONS: usize = 100;
/// Bytes in the body of one push; one operation with a full text in four-byte characters fits.
pub const PUSH_BYTES: usize = 1 << 20;
/// Characters in the name that a browser gives itself.
pub const DEVICE_CHARS: usize = 64;
/// Versions in one page of a field's history.
pub const HISTORY_PAGE: usize = 50;
/// Devices that are shown as being in one report.
pub const PRESENT_DEVICES: usize = 50;
/// Bytes in the body of one sign of presence.
pub const PRESENCE_BYTES: usize = 1 << 10;
/// Events in one page of the log.
pub const EVENTS_PAGE: usize = 500;
/// Versions of one card that its history of amendments shows.
pub const AMENDMENTS: usize = 100;
/// Characters in what is searched for.
pub const SEARCH_CHARS: usize = 200;
/// Words of it that are looked for; the first ones.
pub const SEARCH_WORDS: usize = 12;
/// Cards that one search shows, at most and when it is not said how many.
pub const SEARCH_HITS: usize = 50;
/// Characters of a place on the wall: a query of the board in printable ASCII.
pub const PLACE_CHARS: usize = 600;
/// Characters in a message on the wall, in each of its languages.
pub const MESSAGE_CHARS: usize = 300;
/// Seconds that a countdown on the wall can be started with: 9 hours 59 minutes.
pub const COUNTDOWN_SECONDS: u32 = 35_940;
/// Steps of the wall that can be gone to.
pub const PROJECTION_STEPS: u16 = 9_999;
/// Commands in one request of a presenter.
pub const PROJECTION_COMMANDS: usize = 16;
/// Bytes in the body of one request of a presenter: both texts of a message in four-byte characters, and a place, fit.
pub const PROJECTION_BYTES: usize = 8 << 10;
