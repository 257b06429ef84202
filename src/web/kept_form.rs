//! Forms whose session ended before they were sent: what was typed is kept, sealed, on the page that says so,
//! and taken once its sender has signed in again. For that the token of a form says for whom it was made.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use subtle::ConstantTimeEq;

use crate::history::chain::hex;
use crate::store::Store;
use crate::users::Visitor;

/// The field in which a kept form is sent.
pub const KEPT: &str = "kept-form";

/// A form as it was sent, its token and its passwords with it; nobody but the portal can read it.
#[derive(Clone)]
pub struct Kept(pub String);

impl Kept {
    /// `None`: the machine gives no random numbers.
    pub fn of(store: &Store, path: &str, body: &Bytes) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let sealed = store.cipher().seal(&place(path), text).ok()?;
        Some(Self(URL_SAFE_NO_PAD.encode(sealed)))
    }
}

/// What was kept of a form of this address; `None`: it is nothing of ours.
pub fn open(store: &Store, path: &str, kept: &str) -> Option<Bytes> {
    let sealed = URL_SAFE_NO_PAD.decode(kept).ok()?;
    store.cipher().open(&place(path), &sealed).ok().map(Bytes::from)
}

/// The token of all forms that a session gives to a person.
pub fn token(store: &Store, session: &str, person: Option<&Visitor>) -> String {
    let mark = mark(store, session, person.map_or(0, |person| person.id));
    format!("{session}.{mark}")
}

/// Whether we made the token, in whatever session, and for this person.
pub fn is_made_for(store: &Store, token: &str, person: &Visitor) -> bool {
    token.split_once('.').is_some_and(|(session, sent)| {
        mark(store, session, person.id).as_bytes().ct_eq(sent.as_bytes()).into()
    })
}

fn mark(store: &Store, session: &str, user: i64) -> String {
    hex(&store.derived_key(&format!("form of {user} in {session}")))
}

fn place(path: &str) -> String {
    format!("form at {path}")
}
