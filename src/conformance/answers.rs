//! What all answers have in common: the state, how an unknown connection is answered, and how long it takes.

use super::probe::{Halt, Probe};
use super::{Outcome, Reason, settle};
use crate::connector::types::{Agreement, ConnectionGuid};
use crate::i18n::Key;

pub fn state(probe: &Probe<'_>) -> Outcome {
    match probe.odd_answer() {
        None if probe.all_timings().is_empty() => not_asked(probe),
        None => Outcome::Passed,
        Some((operation, agreement)) => {
            let reason = |key| Reason::new(key).with("operation", operation);
            match agreement {
                Agreement::Opposed => Outcome::Failed(reason(Key::CONFORMANCE_STATE_OPPOSED)),
                _ => Outcome::Remarked(reason(Key::CONFORMANCE_STATE_HALF)),
            }
        }
    }
}

/// Nothing was asked at all: because the run was stopped, or the connector is out of reach.
fn not_asked(probe: &Probe<'_>) -> Outcome {
    Outcome::NotTried(probe.may_go_on().err().unwrap_or(Halt::Stopped).reason())
}

pub async fn unknown_connection(probe: &Probe<'_>) -> Outcome {
    settle(ask(probe).await)
}

async fn ask(probe: &Probe<'_>) -> Result<Outcome, Halt> {
    let nobody = ConnectionGuid::random()
        .unwrap_or_else(|_| ConnectionGuid::new("4e4f4e45-0000-4000-8000-000000000000"));
    let (connector, kind) = (probe.client().connector(), probe.kind);
    let fields = connector.actor_fields(&nobody, kind);
    let fields = probe.call("GetSupportedActorTypeFields", fields).await;
    let actors = probe.call("GetActors", connector.actors(&nobody, kind, &[], &[])).await;
    for (operation, answer) in
        [("GetSupportedActorTypeFields", fields.map(|_| ())), ("GetActors", actors.map(|_| ()))]
    {
        let reason = |key| Reason::new(key).with("operation", operation);
        match answer {
            Err(Halt::Erp(_, failure)) if failure.is_unknown_connection() => {}
            Err(Halt::Erp(_, failure)) => {
                let reason = reason(Key::CONFORMANCE_CONNECTION_OTHERWISE).because(&failure);
                return Ok(Outcome::Failed(reason));
            }
            Err(halt) => return Err(halt),
            Ok(()) => return Ok(Outcome::Failed(reason(Key::CONFORMANCE_CONNECTION_ANSWERED))),
        }
    }
    Ok(Outcome::Passed)
}

pub fn latency(probe: &Probe<'_>) -> Outcome {
    let timings = probe.all_timings();
    let slowest = timings.iter().max_by_key(|(_, timing)| timing.longest);
    match slowest {
        None => not_asked(probe),
        Some((operation, timing)) if timing.longest > probe.limits.slow => Outcome::Remarked(
            Reason::new(Key::CONFORMANCE_SLOW)
                .with("operation", operation)
                .with("seconds", format!("{:.0}", timing.longest.as_secs_f64())),
        ),
        Some(_) => Outcome::Passed,
    }
}
