//! One connector for each way to break the contract: the check for it fails with its own reason, and no
//! other check does.

use std::time::Duration;

use gleichlauf::conformance::{Check, Limits, Outcome, Run, Target, Verdict, Writing, run};
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{ActorType, FieldType, Operator, Settings};
use tokio::sync::watch;

use super::{LIMITS, Matrix, client, test, test_within};
use crate::support::fake_connector::FakeConnector;
use crate::support::faulty_connector::{Fault, FaultyConnector, SLOW};

fn settings() -> Settings {
    [("Server", "erp"), ("Password", "right"), ("Company", "01")].into_iter().collect()
}

fn writing() -> Writing {
    let target = Target::New { parent: None };
    Writing { kind: ActorType::Customer, marker: "Gleichlauf-Test".into(), target }
}

async fn healthy() -> Matrix {
    let erp = FakeConnector::new(12);
    test(&client(erp, settings()).await, Some(&writing())).await
}

async fn faulty(fault: Fault) -> Matrix {
    let connector = FaultyConnector::new(FakeConnector::new(12), fault);
    let client = client(connector, settings()).await;
    let limits = match fault {
        Fault::Slow => Limits { slow: SLOW / 2, ..LIMITS },
        _ => LIMITS,
    };
    let kinds = client.actor_types().await.unwrap().value;
    test_within(limits, &client, Some(&writing()), &kinds).await
}

/// The message that tells what is wrong.
fn reason(check: Check) -> &'static str {
    match check {
        Check::FieldsListed => "conformance-searchable-unknown",
        Check::KeysUnique => "conformance-key-twice",
        Check::FieldsSane => "conformance-rank-twice",
        Check::Texts => "conformance-text-of-field",
        Check::ListsComplete => "conformance-item-left-out",
        Check::ListItems => "conformance-item-unresolved",
        Check::BlankSearch => "conformance-blank-none",
        Check::ParentSearch => "conformance-parent-other",
        Check::Operators => "conformance-search-left-out",
        Check::ActorsAsked => "conformance-actor-left-out",
        Check::FieldsAsked => "conformance-fields-left-out",
        Check::UnknownKey => "conformance-unknown-given",
        Check::Encodings => "conformance-value-unreadable",
        Check::StampsGlobal => "conformance-stamp-forms",
        Check::StampsHonoured => "conformance-since-earlier",
        Check::NewestAgain => "conformance-newest-left-out",
        Check::UnknownConnection => "conformance-connection-otherwise",
        Check::Create => "conformance-created-without-stamp",
        Check::Save => "conformance-saved-otherwise",
        Check::ResponseState => "conformance-state-opposed",
        Check::Latency => "conformance-slow",
    }
}

#[tokio::test]
async fn without_database_a_connector_that_keeps_the_contract_passes_everything() {
    let matrix = healthy().await;
    assert!(matrix.failures().is_empty(), "{:?}", matrix.failures());
    let written = [(Check::Create, "conformance-created"), (Check::Save, "conformance-saved")];
    for (check, message) in written {
        match &matrix.get(ActorType::Customer, check).outcome {
            Outcome::Remarked(reason) => assert_eq!(reason.key.id(), message),
            other => panic!("{check:?}: {other:?}"),
        }
    }
    // What there is no need to try: lists and parents where there are none, and writing to other types.
    for (kind, check, why) in matrix.not_tried() {
        let expected = match check {
            Check::ListsComplete | Check::ListItems => "conformance-no-lists",
            Check::ParentSearch => "conformance-no-parents",
            Check::Create | Check::Save => "conformance-writing-not-asked",
            _ => "–",
        };
        assert_eq!(why, expected, "{check:?} of {kind}");
    }
}

#[tokio::test]
async fn without_database_each_check_fails_for_its_own_reason_and_no_other_check_does() {
    let healthy = healthy().await.verdicts();
    for check in Check::ALL {
        let matrix = faulty(Fault::found_by(check)).await;
        // How long something takes is told, and no failure.
        let expected = match check {
            Check::Latency => Verdict::Remarked,
            _ => Verdict::Failed,
        };
        let is_found = |outcome: &Outcome| {
            outcome.verdict() == expected
                && outcome.reason().is_some_and(|why| why.key.id() == reason(check))
        };
        let outcomes: Vec<_> = matrix.of(check).map(|finding| &finding.outcome).collect();
        assert!(outcomes.iter().any(|outcome| is_found(outcome)), "{check:?}: {outcomes:?}");
        for ((kind, other), verdict) in matrix.verdicts() {
            if other != check {
                let outcome = &matrix.get(kind, other).outcome;
                assert_eq!(verdict, healthy[&(kind, other)], "{check:?} → {other:?}: {outcome:?}");
            }
        }
    }
}

#[tokio::test]
async fn without_database_each_operator_that_finds_the_opposite_is_noticed() {
    let of_types = FieldType::ALL.into_iter().flat_map(Operator::for_type);
    for operator in of_types.copied() {
        let matrix = faulty(Fault::OperatorReversed(operator)).await;
        let outcome = &matrix.get(ActorType::Customer, Check::Operators).outcome;
        let Outcome::Failed(reason) = outcome else { panic!("{operator:?}: {outcome:?}") };
        assert_eq!(reason.arguments["operator"], operator.as_str());
    }
}

#[tokio::test]
async fn without_database_a_run_that_was_not_told_to_write_does_not() {
    let erp = FakeConnector::new(6);
    let client = client(erp.clone(), settings()).await;
    let before = ActorType::ALL.map(|kind| erp.dump(kind));
    erp.calls();
    test(&client, None).await;
    let writes = ["CreateActor", "SaveActors", "SaveConnection", "DeleteConnection"];
    assert!(erp.calls().iter().all(|(call, _)| !writes.contains(call)));
    assert_eq!(before, ActorType::ALL.map(|kind| erp.dump(kind)));
}

#[tokio::test]
async fn without_database_only_a_marked_actor_is_written_to_and_gets_its_name_back() {
    let erp = FakeConnector::new(6);
    let client = client(erp.clone(), settings()).await;
    let of = |key: &str| Writing { target: Target::Marked { key: key.into() }, ..writing() };
    erp.calls();
    for (key, message) in [("C1", "conformance-not-marked"), ("C99", "conformance-no-such-actor")] {
        let matrix = test(&client, Some(&of(key))).await;
        let outcome = &matrix.get(ActorType::Customer, Check::Save).outcome;
        let Outcome::NotTried(reason) = outcome else { panic!("{outcome:?}") };
        assert_eq!(reason.key.id(), message);
    }
    assert!(erp.calls().iter().all(|(call, _)| *call != "SaveActors" && *call != "CreateActor"));
    erp.set(ActorType::Customer, "C1", "Name", "gleichlauf-TEST: mine");
    let matrix = test(&client, Some(&of("C1"))).await;
    assert_eq!(matrix.get(ActorType::Customer, Check::Save).outcome, Outcome::Passed);
    assert_eq!(erp.dump(ActorType::Customer)["C1"]["Name"], "gleichlauf-TEST: mine");
    assert_eq!(erp.calls().iter().filter(|(call, _)| *call == "SaveActors").count(), 2);
}

#[tokio::test]
async fn without_database_a_creation_nobody_knows_the_end_of_is_not_repeated() {
    let erp = FakeConnector::new(6);
    let client = client(erp.clone(), settings()).await;
    erp.fail("CreateActor", Failure::BrokenOff { detail: "cable".into() });
    let matrix = test(&client, Some(&writing())).await;
    let create = &matrix.get(ActorType::Customer, Check::Create).outcome;
    assert_eq!(create.reason().unwrap().key.id(), "conformance-create-unclear");
    let save = &matrix.get(ActorType::Customer, Check::Save).outcome;
    assert_eq!(save.reason().unwrap().key.id(), "conformance-nothing-made");
    assert_eq!(erp.calls().iter().filter(|(call, _)| *call == "CreateActor").count(), 1);
}

#[tokio::test]
async fn without_database_one_failing_call_stops_no_other_check() {
    let erp = FakeConnector::new(6);
    let client = client(erp.clone(), settings()).await;
    erp.fail("GetSupportedActorTypeFields", Failure::refused("", "no"));
    let matrix = test(&client, None).await;
    let failed: Vec<_> = matrix.failures().iter().map(|(kind, check, _)| (*kind, *check)).collect();
    assert_eq!(failed, [(ActorType::Customer, Check::FieldsListed)]);
    let needing = [Check::KeysUnique, Check::FieldsSane, Check::Encodings, Check::Operators];
    for check in needing {
        let outcome = &matrix.get(ActorType::Customer, check).outcome;
        assert_eq!(outcome.reason().unwrap().key.id(), "conformance-lacking", "{check:?}");
    }
    for check in [Check::ActorsAsked, Check::StampsHonoured, Check::UnknownKey] {
        assert_eq!(matrix.get(ActorType::Customer, check).outcome, Outcome::Passed, "{check:?}");
    }
}

#[tokio::test]
async fn without_database_refused_logins_are_not_tried_again() {
    let erp = FakeConnector::new(6);
    let client = client(erp.clone(), settings()).await;
    erp.fail("SearchActors", Failure::HttpStatus { status: 401, retry_after: None });
    erp.calls();
    let matrix = test(&client, None).await;
    let calls: Vec<_> = erp.calls().into_iter().map(|(call, _)| call).collect();
    assert_eq!(calls.last(), Some(&"SearchActors"), "{calls:?}");
    let outcome = &matrix.get(ActorType::Person, Check::FieldsListed).outcome;
    assert_eq!(outcome.reason().unwrap().key.id(), "conformance-lost");
}

#[tokio::test]
async fn without_database_a_stopped_run_asks_nothing_more() {
    let erp = FakeConnector::new(6);
    let client = client(erp.clone(), settings()).await;
    erp.calls();
    let (stop, stopped) = watch::channel(true);
    let mut matrix = Matrix::default();
    let kinds = [ActorType::Customer];
    let asked =
        Run { client: &client, kinds: &kinds, writing: None, limits: LIMITS, stop: stopped };
    let Ok(()) = run(&asked, &mut matrix).await;
    drop(stop);
    assert!(erp.calls().is_empty());
    let all_stopped = |outcome: &Outcome| match outcome {
        Outcome::NotTried(reason) => {
            ["conformance-stopped", "conformance-writing-not-asked"].contains(&reason.key.id())
        }
        _ => false,
    };
    for finding in &matrix.0 {
        assert!(all_stopped(&finding.outcome), "{finding:?}");
    }
}

#[tokio::test]
async fn without_database_a_check_whose_time_is_up_asks_nothing_more() {
    let erp = FakeConnector::new(6);
    let client = client(erp.clone(), settings()).await;
    erp.calls();
    let limits = Limits { check: Duration::ZERO, ..LIMITS };
    let matrix = test_within(limits, &client, None, &[ActorType::Customer]).await;
    assert!(erp.calls().is_empty());
    for finding in &matrix.0 {
        let Outcome::NotTried(reason) = &finding.outcome else { panic!("{finding:?}") };
        let expected = match finding.check.writes() {
            true => "conformance-writing-not-asked",
            false => "conformance-out-of-time",
        };
        assert_eq!(reason.key.id(), expected, "{:?}", finding.check);
    }
}
