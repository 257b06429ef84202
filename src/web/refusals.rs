//! Refusals are part of the history: who tried what. Nobody who is not signed in can fill it with them: what
//! is refused again and again is told once a minute, with how often it was.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use actix_web::HttpRequest;

use super::Portal;
use super::error::WebError;
use super::visit::Visit;
use crate::clock::{MINUTE, Millis};
use crate::history::{Action, Actor, Event, Subject};
use crate::i18n::Key;
use crate::store;
use crate::store::error::StoreError;

/// How many different attempts of strangers are told apart at a time; more than that is in the log alone.
const MOST: usize = 1_000;

/// One attempt, or several alike.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    /// From where.
    from: String,
    /// Method and address.
    address: String,
    reason: String,
    times: i64,
}

/// What strangers were refused within the last minute.
#[derive(Default)]
pub struct Refusals(Mutex<BTreeMap<(String, String), Told>>);

/// When it was told last, and what came since.
struct Told {
    at: Millis,
    since: Refusal,
}

impl Refusals {
    /// What the history is to be told now that this was refused.
    fn add(&self, now: Millis, route: &str, refusal: Refusal) -> Vec<Refusal> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |_: &(String, String), told: &mut Told| now - told.at >= MINUTE;
        let over = told.extract_if(.., is_over).map(|(_, told)| told.since);
        let mut rows: Vec<Refusal> = over.filter(|refusal| refusal.times > 0).collect();
        let key = (refusal.from.clone(), route.to_owned());
        let is_full = told.len() >= MOST;
        match told.get_mut(&key) {
            Some(told) => {
                let times = told.since.times + 1;
                told.since = Refusal { times, ..refusal };
            }
            None if is_full => {
                tracing::warn!(?refusal, "refused, and not in the history: too many of them");
            }
            None => {
                let since = Refusal { times: 0, ..refusal.clone() };
                told.insert(key, Told { at: now, since });
                rows.push(refusal);
            }
        }
        rows
    }
}

/// Notes why a request was not done, if the history has to know: it was refused, or a sealed value did not
/// open.
pub async fn note(portal: &Portal, visit: &Visit, request: &HttpRequest, error: &WebError) {
    let (action, reason) = match error {
        WebError::Forbidden(why) => (Action::Refused, why.id().to_owned()),
        WebError::OutOfReach => (Action::Refused, Key::ERROR_SCOPE.id().to_owned()),
        WebError::Broken(cause) if is_sealed(cause) => (Action::SealBroken, cause.to_string()),
        _ => return,
    };
    let address = format!("{} {}", request.method(), request.path());
    let refusal = Refusal { from: visit.address.clone(), address, reason, times: 1 };
    let noted = match visit.person {
        None if action == Action::Refused => note_stranger(portal, request, refusal).await,
        _ => record(portal, &visit.actor(), event(action, &refusal)).await,
    };
    if let Err(error) = noted {
        tracing::error!("a refusal could not be recorded: {error}");
    }
}

async fn note_stranger(
    portal: &Portal,
    request: &HttpRequest,
    refusal: Refusal,
) -> store::Result<()> {
    let pattern = request.match_pattern().unwrap_or_default();
    let route = format!("{} {pattern}", request.method());
    for refusal in portal.refusals.add(portal.clock().steady(), &route, refusal) {
        let actor = Actor::visitor(&refusal.from);
        record(portal, &actor, event(Action::Refused, &refusal)).await?;
    }
    Ok(())
}

fn event(action: Action, refusal: &Refusal) -> Event {
    let event = Event::new(action, Subject::only("portal"))
        .after("address", &refusal.address)
        .after("reason", &refusal.reason);
    if refusal.times > 1 { event.after("times", refusal.times.to_string()) } else { event }
}

async fn record(portal: &Portal, actor: &Actor, event: Event) -> store::Result<()> {
    let mut tx = portal.store.begin().await?;
    tx.record(actor, &event).await?;
    tx.commit().await
}

fn is_sealed(cause: &anyhow::Error) -> bool {
    matches!(cause.downcast_ref(), Some(StoreError::Sealed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(from: &str, address: &str, times: i64) -> Refusal {
        let (from, address) = (from.to_owned(), address.to_owned());
        Refusal { from, address, reason: "error-foreign-form".to_owned(), times }
    }

    #[test]
    fn each_is_told_once_a_minute_and_none_is_left_out() {
        let refusals = Refusals::default();
        let add = |now, from: &str, route: &str| refusals.add(now, route, refusal(from, route, 1));
        assert_eq!(add(0, "a", "POST /x"), [refusal("a", "POST /x", 1)]);
        for now in [1, 2, MINUTE - 1] {
            assert_eq!(add(now, "a", "POST /x"), []);
        }
        assert_eq!(add(5, "b", "POST /x"), [refusal("b", "POST /x", 1)], "somebody else");
        assert_eq!(add(6, "a", "POST /y"), [refusal("a", "POST /y", 1)], "something else");
        let after = [refusal("a", "POST /x", 3), refusal("c", "POST /x", 1)];
        assert_eq!(add(MINUTE, "c", "POST /x"), after, "whoever comes next");
        assert_eq!(add(MINUTE, "a", "POST /x"), [refusal("a", "POST /x", 1)]);
    }

    #[test]
    fn however_many_come_they_take_no_more_room() {
        let refusals = Refusals::default();
        let told = |now: Millis| {
            let of = |n: usize| {
                refusals.add(now, "POST /x", refusal(&n.to_string(), "POST /x", 1)).len()
            };
            (0..3 * MOST).map(of).sum::<usize>()
        };
        assert_eq!(told(0), MOST);
        assert_eq!(refusals.0.lock().map(|told| told.len()).unwrap_or_default(), MOST);
        // The first ones came once more since; then there is room again.
        assert_eq!(told(0), 0);
        assert_eq!(told(MINUTE), MOST + MOST);
    }
}
