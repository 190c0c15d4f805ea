//! Every route with its permit, and one module for each group of addresses.

pub mod board;
pub mod files;
pub mod functions;
pub mod health;
pub mod history;
pub mod operations;
pub mod pages;
pub mod presence;
pub mod projection;
pub mod report_stream;
pub mod reports;
pub mod search;
pub mod stream;
pub mod submitted;
pub mod worker;

use crate::route::Route;
use domain::council::permit::Action;
use domain::limits::{PRESENCE_BYTES, PROJECTION_BYTES, PUSH_BYTES};
use functions::ARGUMENT_BYTES;

/// The table. What is not in it is a file of the site, or nothing.
#[must_use]
pub fn table() -> Vec<Route> {
    vec![
        Route::post("/api/sign-in", Action::SignIn, functions::sign_in).up_to(ARGUMENT_BYTES),
        Route::post("/api/sign-out", Action::SignOut, functions::sign_out).up_to(ARGUMENT_BYTES),
        Route::get("/api/sessions", Action::OwnSessions, functions::call),
        Route::post("/api/sessions/end", Action::OwnSessions, functions::call).up_to(ARGUMENT_BYTES),
        Route::get("/api/council", Action::ReadCouncil, functions::call),
        Route::post("/api/operations", Action::Push, operations::push).up_to(PUSH_BYTES),
        Route::get("/api/reports/{report}", Action::ReadDraft, reports::read),
        Route::get("/api/reports/{report}/history", Action::ReadHistory, history::read).costing(2),
        Route::get("/api/reports/{report}/submitted", Action::ReadSubmitted, submitted::read),
        Route::put("/api/reports/{report}/presence", Action::BePresent, presence::put).up_to(PRESENCE_BYTES),
        Route::stream("/api/reports/{report}/stream", Action::FollowDraft, report_stream::open),
        Route::get("/api/projection/{edition}", Action::ReadWall, projection::read),
        Route::post("/api/projection/{edition}", Action::Present, projection::command).up_to(PROJECTION_BYTES),
        Route::get("/api/projection/{edition}/presenters", Action::ListPresenters, projection::presenters),
        Route::get("/api/board/{edition}", Action::ReadBoard, board::read).costing(10),
        Route::get("/api/board/{edition}/contacts", Action::ReadContacts, board::contacts).costing(2),
        Route::get("/api/board/{edition}/events", Action::ReadLog, board::events).costing(3),
        Route::get("/api/board/{edition}/cards/{item}/amendments", Action::ReadAmendments, board::amendments),
        Route::stream("/api/board/{edition}/stream", Action::FollowBoard, stream::open),
        Route::get("/api/search", Action::Search, search::read).costing(4),
        Route::page("/", pages::root),
        Route::page("/en", pages::english),
        Route::page("/en/", pages::english),
        Route::page("/en/{*rest}", pages::english),
        Route::page("/fr", pages::french),
        Route::page("/fr/", pages::french),
        Route::page("/fr/{*rest}", pages::french),
        Route::page("/sw.js", worker::serve),
        Route::health("/healthz", health::alive),
        Route::health("/readyz", health::ready),
    ]
}
