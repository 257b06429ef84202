//! Signing in, what people set for themselves, and whom admins look after.

use actix_web::web::post;

use super::{ADMIN, ANYONE, OVERSIGHT, Route, SIGNED_IN, act, get, see};
use crate::web::screens as s;

pub(super) fn routes() -> Vec<Route> {
    vec![
        // Signing in and out.
        see("/sign-in", ANYONE, || get().to(s::sign_in::new)),
        act("/sign-in", ANYONE, || post().to(s::sign_in::create)),
        act("/sign-out", SIGNED_IN, || post().to(s::sign_out::create)),
        see("/code", ANYONE, || get().to(s::codes::new)),
        act("/code", ANYONE, || post().to(s::codes::create)),
        see("/", SIGNED_IN, || get().to(s::home::show)),
        // What people set for themselves.
        act("/preferences", SIGNED_IN, || post().to(s::preferences::update)),
        see("/account", SIGNED_IN, || get().to(s::account::edit)),
        act("/account", SIGNED_IN, || post().to(s::account::update)),
        see("/account/password", SIGNED_IN, || get().to(s::own_passwords::edit)),
        act("/account/password", SIGNED_IN, || post().to(s::own_passwords::update)),
        act("/account/sessions/{sid}/delete", SIGNED_IN, || post().to(s::own_sessions::delete)),
        see("/help/erp-sync", SIGNED_IN, || get().to(s::help::show)),
        // Users, groups, the licence and its seats.
        see("/users", ADMIN, || get().to(s::users::index)),
        see("/users/new", ADMIN, || get().to(s::users::new)),
        act("/users", ADMIN, || post().to(s::users::create)),
        see("/users/{id}", ADMIN, || get().to(s::users::edit)),
        act("/users/{id}", ADMIN, || post().to(s::users::update)),
        see("/users/{id}/disable", ADMIN, || get().to(s::user_locks::new)),
        act("/users/{id}/disable", ADMIN, || post().to(s::user_locks::create)),
        act("/users/{id}/enable", ADMIN, || post().to(s::user_locks::delete)),
        see("/users/{id}/codes", ADMIN, || get().to(s::user_codes::new)),
        act("/users/{id}/codes", ADMIN, || post().to(s::user_codes::create)),
        see("/users/{id}/code", ADMIN, || get().to(s::user_codes::show)),
        act("/users/{id}/sessions/delete", ADMIN, || post().to(s::user_sessions::delete)),
        see("/users/{id}/seat", ADMIN, || get().to(s::seats::new)),
        act("/users/{id}/seat", ADMIN, || post().to(s::seats::create)),
        act("/users/{id}/seat/delete", ADMIN, || post().to(s::seats::delete)),
        see("/groups", ADMIN, || get().to(s::groups::index)),
        see("/groups/new", ADMIN, || get().to(s::groups::new)),
        act("/groups", ADMIN, || post().to(s::groups::create)),
        see("/groups/{id}", ADMIN, || get().to(s::groups::edit)),
        act("/groups/{id}", ADMIN, || post().to(s::groups::update)),
        see("/groups/{id}/delete", ADMIN, || get().to(s::group_deletions::new)),
        act("/groups/{id}/delete", ADMIN, || post().to(s::group_deletions::create)),
        see("/access", ADMIN, || get().to(s::access::show)),
        see("/licence", OVERSIGHT, || get().to(s::licence::show)),
        act("/licence", ADMIN, || post().to(s::licence::update)),
    ]
}
