//! The council's server: the HTML shell and the built files, the server functions, sync, and the live boards.
//!
//! | module | holds |
//! |---|---|
//! | `config`, `logging`, `start` | what the program is told, and how it starts and stops |
//! | `backup`, `control` | backups, and the socket by which a running server is asked for one |
//! | `site` | the folder of built files |
//! | `state`, `router`, `serve` | putting the parts together |
//! | `connection` | how many connections there may be, and how long one may take |
//! | `routes`, `route` | every route with its permit, and one module for each group of addresses |
//! | `live` | the hub that reads the log, and the streams that it feeds |
//! | `boards` | snapshots of boards, compressed once for all who ask |
//! | `presence` | who is in which report |
//! | `walls` | what the walls of the meeting room show |
//! | `middleware` | what holds for every request |
//! | `permit`, `asker`, `subject`, `error` | who asks, for what, whether they may, and how an error is answered |

mod asker;
pub mod backup;
mod boards;
pub mod config;
pub mod connection;
pub mod control;
mod error;
mod live;
pub mod logging;
mod middleware;
mod permit;
mod presence;
mod route;
mod router;
mod routes;
mod serve;
pub mod site;
pub mod start;
mod state;
mod subject;
mod walls;

pub use permit::Access;
pub use route::Route;
pub use routes::table as route_table;
pub use serve::serve;
pub use state::Settings;
