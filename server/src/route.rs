//! A route: one method of one address, who may come in, and the handler. The table of them is in
//! [`routes`](crate::routes).

use crate::permit::{self, Access};
use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{self, MethodRouter};
use domain::council::permit::Action;
use http::Method;
use std::num::NonZeroU32;

/// What a route goes through besides its permit; see [`router`](crate::router::router).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// A request of the API and its answer.
    Api,
    /// An answer of the API that has no end.
    Stream,
    /// A document of the program.
    Page,
    /// A word on how the server is.
    Health,
}

/// One row of the table.
#[derive(Debug)]
pub struct Route {
    /// The method. `GET` takes `HEAD` too.
    pub method: Method,
    /// The address, with the names of what varies in it in braces.
    pub path: &'static str,
    /// Who may come in.
    pub access: Access,
    /// What a request costs of what its person may ask in a second.
    cost: NonZeroU32,
    group: Group,
    handler: MethodRouter<AppState>,
}

impl Route {
    /// Reads something of the API.
    pub fn get<H: Handler<T, AppState>, T: 'static>(path: &'static str, action: Action, handler: H) -> Self {
        Self::api(Method::GET, path, action, routing::get(handler))
    }

    /// Does something of the API.
    pub fn post<H: Handler<T, AppState>, T: 'static>(path: &'static str, action: Action, handler: H) -> Self {
        Self::api(Method::POST, path, action, routing::post(handler))
    }

    /// Puts something of the API.
    pub fn put<H: Handler<T, AppState>, T: 'static>(path: &'static str, action: Action, handler: H) -> Self {
        Self::api(Method::PUT, path, action, routing::put(handler))
    }

    /// Opens a stream of the API.
    pub fn stream<H: Handler<T, AppState>, T: 'static>(path: &'static str, action: Action, handler: H) -> Self {
        Self { group: Group::Stream, ..Self::get(path, action, handler) }
    }

    /// Reads a document of the program.
    pub fn page<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Self {
        let handler = routing::get(handler);
        Self { method: Method::GET, path, access: Access::Public, cost: NonZeroU32::MIN, group: Group::Page, handler }
    }

    /// Asks how the server is.
    pub fn health<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self { group: Group::Health, ..Self::page(path, handler) }
    }

    fn api(method: Method, path: &'static str, action: Action, handler: MethodRouter<AppState>) -> Self {
        Self { method, path, access: Access::Permit(action), cost: NonZeroU32::MIN, group: Group::Api, handler }
    }

    /// Costs so many units, and not one: some answers take as much work as many others.
    #[must_use]
    pub fn costing(self, units: u32) -> Self {
        Self { cost: NonZeroU32::new(units).expect("no request is free"), ..self }
    }

    /// With at most so many bytes of body.
    #[must_use]
    pub fn up_to(self, bytes: usize) -> Self {
        Self { handler: self.handler.layer(DefaultBodyLimit::max(bytes)), ..self }
    }
}

/// The routes of a group, each behind its permit.
pub fn mount(routes: impl IntoIterator<Item = Route>, group: Group, state: &AppState) -> Router<AppState> {
    let of_the_group = routes.into_iter().filter(|route| route.group == group);
    of_the_group.fold(Router::new(), |router, Route { path, access, cost, handler, .. }| {
        let handler = match access {
            Access::Public => handler,
            Access::Permit(action) => {
                handler.route_layer(from_fn_with_state((state.clone(), action, cost), permit::check))
            }
        };
        router.route(path, handler)
    })
}
