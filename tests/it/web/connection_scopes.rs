//! The scope of a connection: who may use it, chosen from one list of users and groups.

use gleichlauf::connections::{Access, Grantee, Scope};
use gleichlauf::history::Actor;
use gleichlauf::store::{access, groups};
use gleichlauf::users::Role;

use crate::support::configured::{Configured, configured};
use crate::support::connections::activate;
use crate::support::filled::Filled;
use crate::support::people;
use crate::support::portal::Page;

async fn page(scene: &mut Configured) -> Page {
    let page = scene.admin.get(&scene.path("/scope")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

async fn send(scene: &mut Configured, filled: &Filled, wish: &str) -> Page {
    let path = scene.path("/scope");
    filled.send(&mut scene.admin, &path, wish).await
}

fn tick(mut filled: Filled, token: &str) -> Filled {
    filled.0.push(("who".into(), token.into()));
    filled
}

async fn scope(scene: &Configured) -> Scope {
    access::scope(scene.store(), &scene.find().await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_groups_are_let_in_with_their_rights_also_while_it_is_active() {
    let mut scene = configured().await;
    let udo = people::add_person(&scene.portal, "udo", Role::User).await;
    let mut tx = scene.store().begin().await.unwrap();
    let group = groups::insert_group(&mut tx, &Actor::system(), "Vertrieb").await.unwrap();
    tx.commit().await.unwrap();
    activate(scene.store(), scene.connection).await;
    let shown = page(&mut scene).await;
    assert!(shown.has("input[name=scope][value=everyone][checked]"));
    let names = shown.all(".scope td.title");
    assert!(
        names[0].contains("Vertrieb") && names.iter().any(|name| name.contains("udo")),
        "{names:?}"
    );
    let (user, group) = (format!("u{udo}"), format!("g{group}"));
    let filled = Filled::read(&shown).set("scope", "some");
    // Nobody chosen: not complete.
    let refused = send(&mut scene, &filled, "save").await;
    assert_eq!(refused.status, 422);
    assert!(refused.all("#scope-problem").join("").contains("No users or groups are selected"));
    assert_eq!(scope(&scene).await, Scope::Everyone);
    let mut filled = tick(tick(filled, &user), &group).without("create");
    filled.0.push(("create".into(), group.clone()));
    let seq = scene.portal.database.actions_after(0).1;
    let versions = "SELECT COUNT(*) FROM config_version WHERE scope_kind = 'connection'";
    let before: i64 = scene.portal.database.ask(versions)[0].parse().unwrap();
    let done = send(&mut scene, &filled, "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.portal.database.actions_after(seq).0, ["scope-changed"]);
    assert_eq!(scene.portal.database.ask(versions), [(before + 1).to_string()]);
    assert!(scene.admin.get(&done.location).await.text.contains("The scope of Nord was saved."));
    let Scope::Only(mut rows) = scope(&scene).await else { panic!("for everyone") };
    rows.sort_by_key(|row| row.who);
    let id = |token: &str| token[1..].parse().unwrap();
    let row = |who, may_create| Access { who, may_connect: true, may_create };
    assert_eq!(rows, [row(Grantee::User(udo), false), row(Grantee::Group(id(&group)), true)]);
    assert!(scene.find().await.is_active);
    // It is shown as it stands, and nothing new is no news.
    let shown = page(&mut scene).await;
    assert!(shown.has(&format!("input[name=who][value='{user}'][checked]")));
    assert!(!shown.has(&format!("input[name=create][value='{user}'][checked]")));
    assert_eq!(send(&mut scene, &Filled::read(&shown), "save").await.status, 303);
    assert_eq!(scene.portal.database.actions_after(seq).0, ["scope-changed"]);
    assert!(scene.admin.get("/sync").await.has(&format!("a[href='{}']", scene.path("/scope"))));
    let edit = scene.admin.get(&scene.path("/edit")).await;
    assert!(edit.has(&format!("a[href='{}']", scene.path("/scope"))) && !edit.has("[name=scope]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn searching_and_turning_pages_lose_no_tick() {
    let mut scene = configured().await;
    for n in 0..24 {
        people::add_user(scene.store(), &format!("user{n:02}"), Role::User).await;
    }
    let first = page(&mut scene).await;
    let boxes = |page: &Page| page.attributes("input[type=checkbox][name=who]", "value");
    assert_eq!(boxes(&first).len(), 20);
    let token = boxes(&first)[3].clone();
    let filled = tick(Filled::read(&first).set("scope", "some"), &token);
    let next = first.attribute("button[name=do][value^='after']", "value").unwrap();
    let second = send(&mut scene, &filled, &next).await;
    assert_eq!(second.status, 200, "{}", second.text);
    assert_eq!(boxes(&second).len(), 5, "four more users, and the admin");
    assert!(second.has(&format!("input[type=hidden][name=who][value='{token}']")));
    let other = boxes(&second)[0].clone();
    let both = tick(Filled::read(&second), &other);
    let found = send(&mut scene, &both.set("search", "nobody at all"), "find").await;
    assert!(found.text.contains("Nobody found"), "{}", found.text);
    let chosen = Filled::read(&found).set("search", "").set("only", "chosen");
    let chosen = send(&mut scene, &chosen, "find").await;
    assert_eq!(chosen.attributes("input[name=who][checked]", "value").len(), 2);
    assert_eq!(boxes(&chosen).len(), 2);
    let done = send(&mut scene, &Filled::read(&chosen), "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(matches!(scope(&scene).await, Scope::Only(rows) if rows.len() == 2));
    // Deep links: the same list by its address.
    let id = &boxes(&first)[19][1..];
    let linked = scene.admin.get(&scene.path(&format!("/scope?after={id}"))).await;
    assert_eq!(boxes(&linked).len(), 5);
    let linked = scene.admin.get(&scene.path("/scope?only=chosen&search=user")).await;
    assert!(boxes(&linked).len() <= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_gone_and_whoever_was_faster_are_told() {
    let mut scene = configured().await;
    let udo = people::add_person(&scene.portal, "udo", Role::User).await;
    let filled = Filled::read(&page(&mut scene).await).set("scope", "some");
    for odd in ["u4711", "x1", ""] {
        let refused = send(&mut scene, &filled.clone().set("who", odd), "save").await;
        assert_eq!(refused.status, 422, "{odd}");
        assert!(refused.all("#scope-problem").join("").contains("not there any more"), "{odd}");
        assert!(!refused.has("input[type=hidden][name=who]"), "{odd} could never be unticked");
    }
    let refused = send(&mut scene, &filled.clone().set("scope", "odd"), "save").await;
    assert_eq!(refused.status, 422);
    let mine = tick(filled, &format!("u{udo}"));
    let refused = send(&mut scene, &mine.clone().without("version"), "save").await;
    assert_eq!(refused.status, 422);
    assert!(refused.all(".problems li").join("").contains("which version"));
    let ida = people::add_user(scene.store(), "ida", Role::User).await;
    scene.change("Nord", Scope::Only(vec![grant(ida)])).await;
    let seq = scene.portal.database.actions_after(0).1;
    // Looking for somebody meanwhile does not make the form a newer one.
    let looked = send(&mut scene, &mine.set("search", "\0udo"), "find").await;
    assert_eq!(looked.status, 200, "{}", looked.text);
    let lost = send(&mut scene, &Filled::read(&looked), "save").await;
    assert_eq!(lost.status, 409, "{}", lost.text);
    let rows = lost.all("main .table tbody tr").join("|");
    assert!(rows.contains("udo"), "{rows}");
    assert!(scene.portal.database.actions_after(seq).0.is_empty());
    let done = send(&mut scene, &Filled::read(&lost), "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
}

fn grant(user: i64) -> Access {
    Access { who: Grantee::User(user), may_connect: true, may_create: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_who_is_in_and_changes_nothing() {
    let scene = configured().await;
    let udo = people::add_person(&scene.portal, "udo", Role::User).await;
    scene.change("Nord", Scope::Only(vec![grant(udo)])).await;
    let mut eva = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    let shown = eva.get(&scene.path("/scope")).await;
    assert_eq!(shown.status, 200);
    assert!(shown.all("dt").join("").contains("udo") && !shown.has("main form"));
    assert_eq!(eva.post(&scene.path("/scope"), &[("do", "save")]).await.status, 403);
    let mut ida = people::signed_in(&scene.portal, "ida", Role::User).await;
    assert_eq!(ida.get(&scene.path("/scope")).await.status, 403);
    assert_eq!(eva.get("/connections/1/scope").await.status, 404);
}
