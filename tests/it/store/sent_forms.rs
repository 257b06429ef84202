//! A form that is sent twice has one effect.

use gleichlauf::clock::{DAY, HOUR};
use gleichlauf::store::sent_forms::{SentForm, claim, finish, purge_sent_forms, release};

use crate::support::database::store;

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_carry_a_form_out_once_and_get_the_same_answer() {
    let (store, _, _database) = store().await;
    let jobs: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { claim(&store, "once", Some(1), "body").await.unwrap() })
        })
        .collect();
    let mut fresh = 0;
    for job in jobs {
        match job.await.unwrap() {
            SentForm::Fresh => fresh += 1,
            other => assert_eq!(other, SentForm::InProgress),
        }
    }
    assert_eq!(fresh, 1);
    finish(&store, "once", 303, "/companies/7").await.unwrap();
    finish(&store, "once", 500, "/elsewhere").await.unwrap();
    let done = SentForm::Done { status: 303, location: "/companies/7".to_owned() };
    assert_eq!(claim(&store, "once", Some(1), "body").await.unwrap(), done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_holds_for_one_body_and_one_person() {
    let (store, _, _database) = store().await;
    assert_eq!(claim(&store, "once", Some(1), "body").await.unwrap(), SentForm::Fresh);
    for (user, body) in [(Some(1), "other"), (Some(2), "body"), (None, "body")] {
        assert_eq!(claim(&store, "once", user, body).await.unwrap(), SentForm::OtherBody);
    }
    assert_eq!(claim(&store, "twice", None, "body").await.unwrap(), SentForm::Fresh);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_effect_may_be_sent_again_but_a_broken_one_never() {
    let (store, clock, database) = store().await;
    assert_eq!(claim(&store, "refused", Some(1), "body").await.unwrap(), SentForm::Fresh);
    release(&store, "refused").await.unwrap();
    assert_eq!(claim(&store, "refused", Some(1), "better").await.unwrap(), SentForm::Fresh);
    finish(&store, "refused", 303, "/").await.unwrap();
    release(&store, "refused").await.unwrap();
    assert!(matches!(
        claim(&store, "refused", Some(1), "better").await.unwrap(),
        SentForm::Done { .. }
    ));

    assert_eq!(claim(&store, "broken", Some(1), "body").await.unwrap(), SentForm::Fresh);
    drop(store);
    let store = database.open(&clock).await;
    clock.advance(DAY + HOUR);
    assert_eq!(purge_sent_forms(&store).await.unwrap(), 1);
    assert_eq!(claim(&store, "broken", Some(1), "body").await.unwrap(), SentForm::InProgress);
}
