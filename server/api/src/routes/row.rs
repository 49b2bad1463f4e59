//! What a route declares about itself.

use std::borrow::Cow;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

pub use pulse_security::rate::Category;

use crate::access::Access;
use crate::app::App;

/// The largest body of a route that does not say otherwise.
const USUAL_BODY: usize = 16 << 10;

/// A named schema with the schemas it refers to. Built only when the description is written:
/// schemas that refer to each other are large, and a running server has no use for them.
#[derive(Clone, Copy)]
pub struct Shape {
    name: fn() -> Cow<'static, str>,
    own: fn() -> RefOr<Schema>,
    others: fn(&mut Vec<(String, RefOr<Schema>)>),
    /// Put before every name: what agents send has names of its own.
    pub(crate) prefix: &'static str,
    /// Whether `null` may stand in its place.
    pub(crate) or_null: bool,
}

impl Shape {
    /// Describes `T`.
    pub(crate) fn of<T: ToSchema>() -> Self {
        Self {
            name: T::name,
            own: T::schema,
            others: T::schemas,
            prefix: "",
            or_null: false,
        }
    }

    /// Returns the name it is listed under.
    pub fn name(&self) -> String {
        format!("{}{}", self.prefix, (self.name)())
    }

    /// Returns itself and everything it refers to, without prefix.
    pub(crate) fn schemas(&self) -> Vec<(String, RefOr<Schema>)> {
        let mut schemas = vec![((self.name)().into_owned(), (self.own)())];
        (self.others)(&mut schemas);
        schemas
    }
}

/// An answer besides the usual one and the errors.
#[derive(Clone, Copy)]
pub struct Also {
    /// Its status.
    pub status: u16,
    /// When it comes.
    pub about: &'static str,
    /// What it says; nothing for an answer without a body.
    pub shape: Option<Shape>,
}

/// A query parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// One route.
#[derive(Clone)]
pub struct Row {
    /// The area it belongs to.
    pub area: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with `{name}` for parameters.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What it is for, one line.
    pub summary: &'static str,
    /// Its query parameters.
    pub query: &'static [Param],
    /// What it takes.
    pub takes: Option<Shape>,
    /// What it answers.
    pub answers: Option<Shape>,
    /// The status of its usual answer.
    pub status: u16,
    /// What else it answers, errors apart.
    pub also: Vec<Also>,
    /// The type of what it answers when that is not JSON.
    pub media: &'static str,
    /// Another type it answers to those who ask for that.
    pub other_media: Option<&'static str>,
    /// The largest body it takes, in bytes.
    pub body_limit: usize,
    /// Which limit counts its calls; nothing for the few that are exempt.
    pub category: Option<Category>,
    /// Whether a cookie may call it without a CSRF token: sign-in and the like, where there is no
    /// session to protect yet.
    pub csrf_exempt: bool,
    /// Whether it only serves clients of old.
    pub is_legacy: bool,
    pub(crate) handler: MethodRouter<App>,
}

/// The rows of one area, being written down.
pub struct Routes {
    area: &'static str,
    rows: Vec<Row>,
}

macro_rules! method {
    ($(#[$doc:meta])* $name:ident, $filter:ident) => {
        $(#[$doc])*
        pub fn $name<H, T>(self, path: &'static str, access: Access, summary: &'static str, handler: H) -> Self
        where
            H: Handler<T, App>,
            T: 'static,
        {
            self.add(Method::$filter, path, access, summary, on(MethodFilter::$filter, handler))
        }
    };
}

impl Routes {
    /// Starts the list of an area.
    pub fn new(area: &'static str) -> Self {
        Self {
            area,
            rows: Vec::new(),
        }
    }

    method! {
        /// Adds a GET route.
        get, GET
    }
    method! {
        /// Adds a POST route.
        post, POST
    }
    method! {
        /// Adds a PUT route.
        put, PUT
    }
    method! {
        /// Adds a PATCH route.
        patch, PATCH
    }
    method! {
        /// Adds a DELETE route.
        delete, DELETE
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        summary: &'static str,
        handler: MethodRouter<App>,
    ) -> Self {
        let category = Some(if access.is_public() {
            Category::PublicReads
        } else {
            Category::General
        });
        self.rows.push(Row {
            area: self.area,
            method,
            path,
            access,
            summary,
            query: &[],
            takes: None,
            answers: None,
            status: 200,
            also: Vec::new(),
            media: "application/json",
            other_media: None,
            body_limit: USUAL_BODY,
            category,
            csrf_exempt: false,
            is_legacy: false,
            handler,
        });
        self
    }

    /// Names the query parameters of the route just added.
    pub fn query(self, params: &'static [Param]) -> Self {
        self.edit(|row| row.query = params)
    }

    /// Names what the route just added takes.
    pub fn takes<T: ToSchema>(self) -> Self {
        self.edit(|row| row.takes = Some(Shape::of::<T>()))
    }

    /// Names what the route just added answers.
    pub fn answers<T: ToSchema>(self) -> Self {
        self.edit(|row| row.answers = Some(Shape::of::<T>()))
    }

    /// Names what the route just added answers, or that it answers `null`.
    pub fn answers_or_null<T: ToSchema>(self) -> Self {
        self.edit(|row| {
            row.answers = Some(Shape {
                or_null: true,
                ..Shape::of::<T>()
            });
        })
    }

    /// Names what an agent sends to the route just added.
    pub fn takes_from_agents<T: ToSchema>(self) -> Self {
        self.edit(|row| row.takes = Some(from_agents::<T>()))
    }

    /// Names what the route just added answers to an agent.
    pub fn answers_agents<T: ToSchema>(self) -> Self {
        self.edit(|row| row.answers = Some(from_agents::<T>()))
    }

    /// Says that the route just added answers with `status`.
    pub fn status(self, status: u16) -> Self {
        self.edit(|row| row.status = status)
    }

    /// Says that the route just added may answer `T` with another status.
    pub fn also<T: ToSchema>(self, status: u16, about: &'static str) -> Self {
        let shape = Some(Shape::of::<T>());
        self.edit(|row| {
            row.also.push(Also {
                status,
                about,
                shape,
            });
        })
    }

    /// Says that the route just added may answer with another status and no body.
    pub fn also_empty(self, status: u16, about: &'static str) -> Self {
        self.edit(|row| {
            row.also.push(Also {
                status,
                about,
                shape: None,
            });
        })
    }

    /// Says that the route just added answers 304 to whoever has its present version.
    pub fn versioned(self) -> Self {
        self.also_empty(304, "Unchanged since the entity tag in `If-None-Match`")
    }

    /// Says that the route just added answers something other than JSON.
    pub fn media(self, media: &'static str) -> Self {
        self.edit(|row| row.media = media)
    }

    /// Says that the route just added answers in another type to those who ask for that.
    pub fn or_media(self, media: &'static str) -> Self {
        self.edit(|row| row.other_media = Some(media))
    }

    /// Sets the largest body of the route just added.
    pub fn body_limit(self, bytes: usize) -> Self {
        self.edit(|row| row.body_limit = bytes)
    }

    /// Counts the calls of the route just added under `category`.
    pub fn limited(self, category: Category) -> Self {
        self.edit(|row| row.category = Some(category))
    }

    /// Exempts the route just added from rate limits.
    pub fn unlimited(self) -> Self {
        self.edit(|row| row.category = None)
    }

    /// Exempts the route just added from the CSRF check.
    pub fn csrf_exempt(self) -> Self {
        self.edit(|row| row.csrf_exempt = true)
    }

    /// Marks the route just added as an adapter for clients of old.
    pub fn legacy(self) -> Self {
        self.edit(|row| row.is_legacy = true)
    }

    fn edit(mut self, edit: impl FnOnce(&mut Row)) -> Self {
        if let Some(row) = self.rows.last_mut() {
            edit(row);
        }
        self
    }

    /// Returns the rows.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}

fn from_agents<T: ToSchema>() -> Shape {
    Shape {
        prefix: "Wire",
        ..Shape::of::<T>()
    }
}
