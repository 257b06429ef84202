//! Importing a configuration: into a connection by a plan, or as a new connection through its form.

use gleichlauf::connections::{Access, Grantee, Scope};
use gleichlauf::connector::types::ActorType;
use gleichlauf::mapping::{Direction, FieldMapping};
use gleichlauf::store::{access, configuration, connections, mappings};
use gleichlauf::users::Role;

use crate::support::configured::{Configured, SECRET, anna, configured};
use crate::support::filled::Filled;
use crate::support::people;
use crate::support::portal::Page;

/// A connection with mapped customers, and its file.
async fn exported() -> (Configured, String) {
    let mut scene = configured().await;
    scene
        .map(|mapping| {
            mapping.is_active = true;
            let name = mapping.fields.iter_mut().find(|field| field.erp.key == "Name").unwrap();
            name.direction = Direction::BOTH;
        })
        .await;
    let file = scene.admin.get(&scene.path("/configuration.json")).await.text;
    (scene, file)
}

async fn send(scene: &mut Configured, file: &str) -> Page {
    let path = scene.path("/imports");
    scene.admin.get(&path).await;
    scene.admin.post(&path, &[("file", file), ("do", "plan")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_by_a_plan_to_confirm() {
    let (mut scene, file) = exported().await;
    let same = send(&mut scene, &file).await;
    assert!(same.text.contains("Nothing would change"), "{}", same.text);
    scene.connection = scene.add("Test").await;
    let plan = send(&mut scene, &file).await;
    assert_eq!(plan.status, 200, "{}", plan.text);
    let rows = plan.all("table.plan tbody tr");
    assert!(
        rows.iter().any(|row| row.starts_with("Change") && row.ends_with("Test Nord")),
        "{rows:?}"
    );
    assert!(rows.iter().any(|row| row.starts_with("Add") && row.contains("both ways")), "{rows:?}");
    // The mapping alone: a test's way into production.
    let path = scene.path("/imports");
    let less = Filled::read(&plan).without("part").set("part", "mapping");
    let plan = less.send(&mut scene.admin, &path, "plan").await;
    assert!(!plan.all("table.plan tbody tr").iter().any(|row| row.ends_with("Test Nord")));
    let seq = scene.portal.database.actions_after(0).1;
    let done = Filled::read(&plan).send(&mut scene.admin, &path, "import").await;
    assert_eq!((done.status, done.location), (303, scene.path("/versions")), "{}", done.text);
    let rows = scene.portal.database.actions_after(seq).0;
    assert_eq!(rows, ["configuration-imported", "mapping-changed"]);
    assert_eq!(scene.find().await.name, "Test");
    assert_eq!(scene.mapping().await.field("Name").unwrap().direction, Direction::BOTH);
    let kept = configuration::for_calls(scene.store(), scene.connection).await.unwrap();
    assert_eq!(kept.get("Password"), Some(SECRET), "as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_file_of_ours_is_said_at_its_place_and_kept() {
    let (mut scene, file) = exported().await;
    let content = scene.portal.database.content();
    let large = "x".repeat(2049 * 1024);
    for (text, said) in [
        ("", "Nothing has been pasted"),
        ("{}", "not an exported configuration"),
        (&file[..file.len() / 2], "ends too early"),
        (&file.replace("\"format_version\": 1", "\"format_version\": 9"), "of format 9"),
        (&file.replace("\"is_active\"", "\"is_aktiv\""), "is_aktiv"),
        (&file.replacen('{', "<script>alert(1)</script>", 1), "cannot be read in line 1"),
        (&file.replace("Nord", "No\\u0000rd"), "no text may hold"),
        (&large, "larger than 2048 kB"),
    ] {
        for path in [scene.path("/imports"), "/connections/imports".to_owned()] {
            scene.admin.get(&path).await;
            let page = scene.admin.post(&path, &[("file", text), ("do", "import")]).await;
            assert_eq!(page.status, 422, "{said}: {}", page.text.len());
            let problem = page.all("#file-problem, .field.has-problem .problem").join(" ");
            assert!(problem.contains(said), "{said} in {problem:?}");
            assert_eq!(
                page.value_of("file").len(),
                text.split_whitespace().collect::<Vec<_>>().join(" ").len()
            );
            assert!(!page.text.contains("<script>alert"));
        }
    }
    assert_eq!(scene.portal.database.content(), content);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_target_lacks_is_named_and_left_out() {
    let (mut scene, file) = exported().await;
    scene.connection = scene.add("Test").await;
    let file = file.replace("\"Name\"", "\"OtherName\"").replace(
        "\"Customer\": {",
        "\"Partner\": {\n\"is_active\": true,\n\"fields\": []},\n\"Customer\": {",
    );
    let plan = send(&mut scene, &file).await;
    let left = plan.all("[aria-labelledby=left-out] li").join(" | ");
    assert!(left.contains("does not offer this actor type"), "{left} {}", plan.text);
    assert!(left.contains("does not offer this field"), "{left}");
    let path = scene.path("/imports");
    let done = Filled::read(&plan).send(&mut scene.admin, &path, "import").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(scene.mapping().await.is_active);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_out_of_date_does_nothing() {
    let (mut scene, file) = exported().await;
    scene.connection = scene.add("Test").await;
    let plan = send(&mut scene, &file).await;
    scene.change("Anders", Scope::Everyone).await;
    let content = scene.portal.database.content();
    let path = scene.path("/imports");
    let late = Filled::read(&plan).send(&mut scene.admin, &path, "import").await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert_eq!(scene.portal.database.content(), content);
    let done = Filled::read(&late).send(&mut scene.admin, &path, "import").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.find().await.name, "Nord");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_connection_begins_with_the_file_and_its_secrets_are_typed() {
    let (mut scene, file) = exported().await;
    let file = file.replace("erp.example", "copied.example").replace("Nord", "Kopie");
    scene.admin.get("/connections/imports").await;
    let start = scene.admin.post("/connections/imports", &[("file", &file)]).await;
    assert_eq!(start.status, 200, "{}", start.text);
    assert_eq!(start.value_of("connector"), scene.connector.to_string(), "found by its URL");
    assert!(start.text.contains("copied.example"), "{}", start.text);
    let form = Filled::read(&start).send(&mut scene.admin, "/connections", "").await;
    assert_eq!(form.status, 200, "{}", form.text);
    assert_eq!(
        (form.value_of("name"), form.value_of("c-Server")),
        ("Kopie".into(), "copied.example".into())
    );
    assert!(form.has("button[value=save][disabled]"), "not before it was tested");
    // Nothing is lost while the password is missing.
    let untested = Filled::read(&form).send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(untested.status, 422);
    let filled = Filled::read(&untested).set("c-Password", "typed-anew").set("name", "Kopie 2");
    let tested = filled.send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    let done = Filled::read(&tested).send(&mut scene.admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let id: i64 = done.location.rsplit('=').next().unwrap().parse().unwrap();
    let store = scene.store();
    let added = connections::find(store, id).await.unwrap().unwrap();
    assert_eq!((added.name.as_str(), added.is_active), ("Kopie 2", false));
    let kept = configuration::for_calls(store, id).await.unwrap();
    assert_eq!(
        (kept.get("Server"), kept.get("Password")),
        (Some("copied.example"), Some("typed-anew"))
    );
    let mapping = mappings::find(store, id, ActorType::Customer).await.unwrap().unwrap();
    assert!(mapping.is_active);
    assert_eq!(mapping.field("Name").unwrap().direction, Direction::BOTH);
    let numbers = format!("SELECT number FROM config_version WHERE scope_id = {id}");
    assert_eq!(scene.portal.database.ask(&numbers), ["1"], "one change, one version");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_lets_nobody_in_whom_it_does_not_name() {
    let (mut scene, file) = exported().await;
    let file = file.replace(
        "\"everyone\": true",
        "\"everyone\": false, \"grants\": [{\"kind\": \"user\", \"id\": 1, \"name\": \"Nobody\", \
         \"may_connect\": true, \"may_create\": true}]",
    );
    scene.admin.get("/connections/imports").await;
    let start = scene.admin.post("/connections/imports", &[("file", &file)]).await;
    let form = Filled::read(&start).send(&mut scene.admin, "/connections", "").await;
    assert!(form.has("input[name=scope][value=some][checked]"), "{}", form.text);
    assert!(!form.has("input[name=who][checked]"));
    let left = form.all(".notice.warn li").join("|");
    assert!(left.contains("Nobody") && left.contains("no longer there"), "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_means_somebody_else_here_lets_nobody_in() {
    let (mut scene, file) = exported().await;
    let ida = people::add_user(scene.store(), "ida", Role::User).await;
    let row = Access { who: Grantee::User(ida), may_connect: true, may_create: true };
    scene.change("Nord", Scope::Only(vec![row])).await;
    let grant = format!(
        "\"everyone\": false, \"grants\": [{{\"kind\": \"user\", \"id\": {ida}, \
         \"name\": \"Jon\", \"may_connect\": true, \"may_create\": true}}]"
    );
    let plan = send(&mut scene, &file.replace("\"everyone\": true", &grant)).await;
    let left = plan.all("[aria-labelledby=left-out] li").join("|");
    assert!(left.contains("Jon"), "the same number is not the same person: {left} {}", plan.text);
    assert!(!plan.text.contains("Ida"), "and Ida stays without a word: {}", plan.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_connector_does_not_ask_for_is_said_in_the_form() {
    let (mut scene, file) = exported().await;
    let file = file.replace(
        "\"settings\": {",
        "\"settings\": {\"Client\": {\"name\": \
        \"Mandant\", \"type\": \"Text\", \"value\": \"1\"},",
    );
    scene.admin.get("/connections/imports").await;
    let start = scene.admin.post("/connections/imports", &[("file", &file)]).await;
    // With no connector chosen yet, nothing can be said; nor is anything lost.
    let filled = Filled::read(&start).set("connector", "");
    let form = filled.send(&mut scene.admin, "/connections", "").await;
    assert_eq!(form.value_of("name"), "Nord", "{}", form.text);
    let connector = scene.connector.to_string();
    let filled = Filled::read(&form).set("connector", &connector);
    let form = filled.send(&mut scene.admin, "/connections", "fields").await;
    assert_eq!(form.value_of("c-Server"), "erp.example", "{}", form.text);
    let left = form.all(".notice.warn li").join("|");
    assert!(left.contains("Mandant") && left.contains("does not ask for it"), "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_was_not_ticked_stays_whatever_the_file_says_of_it() {
    let (mut scene, file) = exported().await;
    let ida = people::add_user(scene.store(), "ida", Role::User).await;
    let row = Access { who: Grantee::User(ida), may_connect: true, may_create: false };
    scene.change("Anders", Scope::Only(vec![row])).await;
    let plan = send(&mut scene, &file).await;
    let path = scene.path("/imports");
    let less = Filled::read(&plan).without("part").set("part", "general");
    let plan = less.send(&mut scene.admin, &path, "plan").await;
    assert_eq!(plan.all("table.plan tbody tr").len(), 1, "{}", plan.text);
    let done = Filled::read(&plan).send(&mut scene.admin, &path, "import").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let scope = access::scope(scene.store(), &scene.find().await).await.unwrap();
    assert!(matches!(scope, Scope::Only(rows) if rows.len() == 1));
    assert_eq!(scene.find().await.name, "Nord");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_large_connection_comes_back_as_a_whole() {
    let (mut scene, _) = exported().await;
    let kind = ActorType::Customer;
    let mut mapping = mappings::find(scene.store(), scene.connection, kind).await.unwrap().unwrap();
    for n in 0..3_000 {
        let mut field = FieldMapping::new(mapping.fields[1].erp.clone());
        field.erp.key = format!("Z{n:05}");
        field.erp.name = format!("US:\"Field {n}\";GE:\"Fëld {n}\"");
        field.is_shown_in_tab = true;
        mapping.fields.push(field);
    }
    let mut tx = scene.store().begin().await.unwrap();
    mappings::save(&mut tx, &anna(), &mapping).await.unwrap();
    tx.commit().await.unwrap();
    let file = scene.admin.get(&scene.path("/configuration.json")).await.text;
    assert!(file.len() > 512 * 1024, "{}", file.len());
    let same = send(&mut scene, &file).await;
    assert_eq!(same.status, 200);
    assert!(same.text.contains("Nothing would change"));
}
