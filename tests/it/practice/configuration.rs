//! Defining a connection: fields, tests, log-ins, what is kept.

use gleichlauf::connector::failure::RefusalCode;
use gleichlauf::connector::handover;
use gleichlauf::connector::multilang;
use gleichlauf::connector::types::{Access, ActorType, ConnectionGuid, FieldType, Settings, State};

use super::{Erp, NOW, code, connect, keys, login, open, refusal, values};

#[tokio::test]
async fn all_eight_types_of_field_are_asked_for() {
    let erp = Erp::new().await;
    let fields = erp.connector.config_fields().await.unwrap().value;
    for kind in FieldType::ALL {
        assert_eq!(fields.iter().filter(|field| field.kind == kind).count(), 1, "{kind:?}");
    }
    assert!(fields.is_sorted_by_key(|field| field.rank));
    let mandatory: Vec<_> = fields
        .iter()
        .filter(|field| field.access == Access::Mandatory)
        .map(|field| field.key.as_str())
        .collect();
    assert_eq!(mandatory, ["Client", "User", "Password"]);
    assert!(fields.iter().all(|field| multilang::all(&field.name).len() == 3));
}

#[tokio::test]
async fn a_connection_still_being_defined_can_read_lists() {
    let erp = Erp::new().await;
    let clients = erp.connector.list(&ConnectionGuid::zero(), "Client").await.unwrap().value;
    let found: Vec<_> = clients.iter().map(|item| item.key.as_str()).collect();
    assert_eq!(found, ["01", "02"]);
    assert_eq!(multilang::pick(&clients[0].text, "de"), "Nordlicht Handels GmbH");
}

#[tokio::test]
async fn the_right_log_in_passes_and_wrong_ones_get_a_sentence() {
    let erp = Erp::new().await;
    let test = |settings: Settings| {
        let connector = erp.connector.clone();
        async move { connector.test_config(&settings).await }
    };
    assert_eq!(test(login("01", &[])).await.unwrap().state, State::Ok);
    assert_eq!(test(login("02", &[])).await.unwrap().state, State::Ok);
    for wrong in [
        login("01", &[("Password", "practice2")]),
        login("01", &[("Password", "Practice")]),
        login("01", &[("User", "sync2")]),
        login("01", &[("Client", "02")]),
    ] {
        let refused = refusal(test(wrong).await);
        assert!(multilang::pick(&refused.user_text, "de").contains("Passwort"));
        assert!(multilang::pick(&refused.user_text, "en").contains("password"));
    }
    let missing = refusal(test(Settings::new()).await);
    assert!(multilang::pick(&missing.user_text, "de").contains("Mandant, Benutzer, Passwort"));
    let no_client = refusal(test(login("01", &[("Client", "77")])).await);
    assert!(multilang::pick(&no_client.user_text, "en").contains("Client"));
}

#[tokio::test]
async fn a_date_in_the_future_is_a_warning() {
    let erp = Erp::new().await;
    let later = login("01", &[("OnlySince", "[DT:01/01/2099 00:00:00]")]);
    let reply = erp.connector.test_config(&later).await.unwrap();
    assert_eq!(reply.state, State::Warning);
    assert!(multilang::pick(&reply.user_text, "de").contains("Zukunft"));
}

#[tokio::test]
async fn a_wrong_configuration_is_not_kept() {
    let erp = Erp::new().await;
    let id = ConnectionGuid::random().unwrap();
    refusal(erp.connector.save_connection(&id, &login("01", &[("Password", "x")])).await);
    assert_eq!(
        code(erp.connector.test_connection(&id).await),
        Some(RefusalCode::UnknownConnection)
    );
}

#[tokio::test]
async fn unknown_connections_are_refused_by_every_operation() {
    let erp = Erp::new().await;
    let id = ConnectionGuid::random().unwrap();
    let c = &erp.connector;
    let kind = ActorType::Customer;
    let (sender, _receiver) = handover::channel(1 << 20);
    let new = gleichlauf::connector::types::NewActor { kind, fields: values(&[]), parent: None };
    let unknown = Some(RefusalCode::UnknownConnection);
    assert_eq!(code(c.test_connection(&id).await), unknown);
    assert_eq!(code(c.actor_types(&id).await), unknown);
    assert_eq!(code(c.actor_fields(&id, kind).await), unknown);
    assert_eq!(code(c.searchable_fields(&id, kind).await), unknown);
    assert_eq!(code(c.actors(&id, kind, &[], &[]).await), unknown);
    assert_eq!(code(c.search(&id, kind, "", &[], 1).await), unknown);
    assert_eq!(code(c.search_by_parent(&id, kind, "", kind, "C1", &[], 1).await), unknown);
    assert_eq!(code(c.search_advanced(&id, kind, &[], &[], 1).await), unknown);
    assert_eq!(code(c.create_actor(&id, &new).await), unknown);
    assert_eq!(code(c.save_actors(&id, &[]).await), unknown);
    assert_eq!(code(c.list(&id, "Country").await), unknown);
    assert_eq!(code(c.list_items(&id, "Country", &[]).await), unknown);
    assert_eq!(code(c.actors_since(&id, kind, "", &[], sender).await), unknown);
}

#[tokio::test]
async fn a_connection_is_kept_over_a_restart_until_it_is_deleted() {
    let erp = Erp::new().await;
    let again = open(erp.directory.path(), erp.clock.clone()).await.connector();
    again.test_connection(&erp.first).await.unwrap();
    // The id is compared without regard to case, as .NET writes it in either.
    let upper = ConnectionGuid::new(&erp.first.as_str().to_uppercase());
    again.test_connection(&upper).await.unwrap();

    again.delete_connection(&erp.first).await.unwrap();
    again.delete_connection(&erp.first).await.unwrap();
    assert!(again.test_connection(&erp.first).await.unwrap_err().is_unknown_connection());
    erp.connector.test_connection(&erp.second).await.unwrap();
}

#[tokio::test]
async fn saving_again_changes_the_same_connection() {
    let erp = Erp::new().await;
    let settings = login("02", &[("MaxHits", "[I:3]")]);
    erp.connector.save_connection(&erp.first, &settings).await.unwrap();
    let found = erp.connector.search(&erp.first, ActorType::Customer, "", &[], 100).await.unwrap();
    assert_eq!((found.value.actors.len(), found.value.more), (3, true));
}

#[tokio::test]
async fn passwords_are_not_in_the_file() {
    let erp = Erp::new().await;
    drop(erp.practice);
    for entry in std::fs::read_dir(erp.directory.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(!holds(b"practice2"));
    }
}

#[tokio::test]
async fn a_factor_changes_what_balances_look_like_and_nothing_else() {
    let erp = Erp::new().await;
    let of = super::actor_ref(ActorType::Customer, "C10001");
    erp.practice.book("01", &of, "BALANCE", "[F:200.5]").await.unwrap();
    erp.practice.book("01", &of, "CREDITLIMIT", "[F:1000]").await.unwrap();
    let doubled = connect(&erp.connector, &login("01", &[("Factor", "[F:2]")])).await;
    let fields = keys(&["BALANCE", "CREDITLIMIT"]);
    let seen = erp.connector.actors(&doubled, of.kind, &keys(&["C10001"]), &fields).await;
    assert_eq!(
        seen.unwrap().value[0].fields,
        values(&[("BALANCE", "[F:401]"), ("CREDITLIMIT", "[F:1000]")])
    );
}

#[tokio::test]
async fn a_read_only_connection_reads_and_never_writes() {
    let erp = Erp::new().await;
    let id = connect(&erp.connector, &login("01", &[("ReadOnly", "[I:1]")])).await;
    let actor = erp.actor(&id, ActorType::Customer, "C10001").await;
    let refused = refusal(erp.connector.save_actors(&id, std::slice::from_ref(&actor)).await);
    assert!(multilang::pick(&refused.user_text, "de").contains("nur lesen"));
    let new = gleichlauf::connector::types::NewActor {
        kind: ActorType::Customer,
        fields: values(&[("NAME", "x"), ("CUSTGROUP", "10")]),
        parent: None,
    };
    refusal(erp.connector.create_actor(&id, &new).await);
    assert_eq!(erp.actor(&id, ActorType::Customer, "C10001").await, actor);
}

#[tokio::test]
async fn older_changes_are_left_out_when_a_date_is_set() {
    let erp = Erp::new().await;
    // All seeded rows were changed before now.
    assert_eq!(NOW, erp.clock.now());
    let id =
        connect(&erp.connector, &login("01", &[("OnlySince", "[DT:09/07/2026 12:00:00]")])).await;
    assert!(erp.since(&id, ActorType::Customer, "").await.is_empty());
    erp.clock.advance(5 * gleichlauf::clock::HOUR);
    let of = super::actor_ref(ActorType::Customer, "C10002");
    erp.practice.book("01", &of, "NAME", "Later").await.unwrap();
    let changed = erp.since(&id, ActorType::Customer, "").await;
    assert_eq!(changed.iter().map(|actor| actor.key.as_str()).collect::<Vec<_>>(), ["C10002"]);
}
