//! Sessions: actix-session over our own table, and the few things kept in them.

use std::collections::HashMap;

use actix_session::config::{CookieContentSecurity, PersistentSession, TtlExtensionPolicy};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};
use actix_web::http::header::{self, HeaderMap};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::history::chain::hex;
use crate::i18n::Language;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::sessions::{self, LONGEST, NewSession};
use crate::users::code::OneTimeCode;
use crate::users::{UserId, Visitor};

/// The `__Host-` prefix makes browsers insist on Secure, Path=/ and no Domain.
pub const COOKIE: &str = "__Host-gleichlauf";

const USER: &str = "user";
const CSRF: &str = "csrf";
const FLASH: &str = "flash";
const CODE: &str = "code";
const LANGUAGE: &str = "language";
const ADDRESS: &str = "address";
const AGENT: &str = "agent";
/// Not kept: read with the session in one query, and handed on with its state.
const VISITOR: &str = "visitor";
const SID: &str = "sid";

type State = HashMap<String, String>;

/// Keeps sessions in the portal's database, by the hash of their key.
#[derive(Clone)]
pub struct DatabaseSessions(Store);

impl SessionStore for DatabaseSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let found = sessions::load_session(&self.0, key.as_ref()).await;
        let Some(session) = found.map_err(|e| LoadError::Other(e.into()))? else { return Ok(None) };
        let wrong = |e: serde_json::Error| LoadError::Deserialization(e.into());
        let mut state: State = serde_json::from_str(&session.state).map_err(wrong)?;
        state.insert(SID.to_owned(), session.sid.to_string());
        if let Some(visitor) = session.visitor {
            state.insert(VISITOR.to_owned(), serde_json::to_string(&visitor).map_err(wrong)?);
        }
        Ok(Some(state))
    }

    async fn save(&self, state: State, _: &Duration) -> Result<SessionKey, SaveError> {
        let text = |name: &str| {
            state
                .get(name)
                .and_then(|text| serde_json::from_str::<String>(text).ok())
                .unwrap_or_default()
        };
        let (address, agent) = (text(ADDRESS), text(AGENT));
        let user = state.get(USER).and_then(|id| id.parse().ok());
        let kept = kept(&state).map_err(|e| SaveError::Serialization(e.into()))?;
        let new = NewSession { user, state: &kept, address: &address, agent: &agent };
        let key = sessions::insert_session(&self.0, &new)
            .await
            .map_err(|e| SaveError::Other(e.into()))?;
        key.to_string().try_into().map_err(|_| SaveError::Other(anyhow::anyhow!("session key")))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        let kept = kept(&state).map_err(|e| UpdateError::Serialization(e.into()))?;
        match sessions::update_session(&self.0, key.as_ref(), &kept).await {
            Ok(()) => Ok(key),
            // What was done is done: it must not look undone because its flash could not be kept.
            Err(StoreError::Busy) => {
                tracing::warn!("a session could not be kept: the database is busy");
                Ok(key)
            }
            Err(error) => Err(UpdateError::Other(error.into())),
        }
    }

    /// Times are kept by the table itself, with the portal's clock.
    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        Ok(sessions::delete_session(&self.0, key.as_ref()).await?)
    }
}

fn kept(state: &State) -> Result<String, serde_json::Error> {
    let kept: HashMap<_, _> =
        state.iter().filter(|(name, _)| ![VISITOR, SID].contains(&name.as_str())).collect();
    serde_json::to_string(&kept)
}

pub fn middleware(store: &Store) -> SessionMiddleware<DatabaseSessions> {
    // Derived, so that sessions outlive a restart and hold for every portal process on this database.
    let key = Key::derive_from(&store.derived_key("session cookie"));
    let lifecycle = PersistentSession::default()
        .session_ttl(Duration::milliseconds(LONGEST))
        .session_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges);
    SessionMiddleware::builder(DatabaseSessions(store.clone()), key)
        .cookie_name(COOKIE.to_owned())
        .cookie_secure(true)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(lifecycle)
        .build()
}

/// 256 random bits, for cookies, tokens and form ids.
pub fn random_token() -> String {
    let mut bytes = [0u8; 32];
    // A machine without randomness must not hand out tokens.
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    hex(&bytes)
}

/// Signs a person in: a new session id, nothing of the old session but the language.
pub fn sign_in(session: &Session, user: UserId, address: &str, headers: &HeaderMap) {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let agent: String = agent.unwrap_or_default().chars().take(200).collect();
    let language = language(session);
    session.clear();
    session.renew();
    if let Some(language) = language {
        set_language(session, language);
    }
    let _ = session.insert(USER, user);
    let _ = session.insert(ADDRESS, address);
    let _ = session.insert(AGENT, agent);
    let _ = session.insert(CSRF, random_token());
}

/// The signed-in person, as they are at this moment.
pub fn visitor(session: &Session) -> Option<Visitor> {
    session.get(VISITOR).ok().flatten()
}

/// The session's public id, by which it is shown and ended.
pub fn sid(session: &Session) -> Option<i64> {
    session.get(SID).ok().flatten()
}

/// The session's token for forms; made at first need.
pub fn csrf(session: &Session) -> String {
    if let Ok(Some(token)) = session.get::<String>(CSRF) {
        return token;
    }
    let token = random_token();
    let _ = session.insert(CSRF, &token);
    token
}

/// The token as it stands, without making one.
pub fn csrf_if_any(session: &Session) -> Option<String> {
    session.get(CSRF).ok().flatten()
}

/// The language chosen for this session.
pub fn language(session: &Session) -> Option<Language> {
    session.get(LANGUAGE).ok().flatten()
}

pub fn set_language(session: &Session, language: Language) {
    let _ = session.insert(LANGUAGE, language);
}

/// From now on the language is the one the person chose for good.
pub fn forget_language(session: &Session) {
    session.remove(LANGUAGE);
}

pub fn set_flash(session: &Session, flash: &Flash) {
    let _ = session.insert(FLASH, flash);
}

pub fn take_flash(session: &Session) -> Option<Flash> {
    session.get::<Flash>(FLASH).ok().flatten().inspect(|_| {
        session.remove(FLASH);
    })
}

/// Keeps a one-time code for the next page alone, sealed: the database never has it in clear.
pub fn set_code(
    session: &Session,
    store: &Store,
    user: UserId,
    code: &OneTimeCode,
) -> Result<(), StoreError> {
    let sealed = store.cipher().seal(&code_place(user), &code.reveal())?;
    let _ = session.insert(CODE, (user, STANDARD.encode(sealed)));
    Ok(())
}

/// The code that was kept for somebody, once.
pub fn take_code(session: &Session, store: &Store, user: UserId) -> Option<Zeroizing<String>> {
    let kept = session.get::<(UserId, String)>(CODE).ok().flatten();
    let (_, sealed) = kept.filter(|(of, _)| *of == user)?;
    session.remove(CODE);
    let sealed = STANDARD.decode(sealed).ok()?;
    store.cipher().open(&code_place(user), &sealed).ok().map(Zeroizing::new)
}

fn code_place(user: UserId) -> String {
    format!("session/code/{user}")
}

/// A word on the next page about what the last step did, or did not do.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Flash {
    pub text: String,
    pub is_warning: bool,
    /// The form that takes it back; blank where none does.
    #[serde(default)]
    pub undo: String,
}

impl Flash {
    /// The kind of notice it is shown as.
    pub fn kind(&self) -> &'static str {
        if self.is_warning { "warn" } else { "good" }
    }
}
