//! The access explainer beside the guard: whoever it says gets through does, and nobody else.

use gleichlauf::connections::ConnectionId;
use gleichlauf::crm::RecordId;

use super::stage::{Stage, Who};

const PEOPLE: [(Who, &str); 4] =
    [(Who::Ada, "ada"), (Who::Eva, "eva"), (Who::Ida, "ida"), (Who::Bert, "bert")];
/// Licence, seat, role, scope, connection, actor type; whether a record is linked keeps nobody out.
const GATES: usize = 6;

/// How the gates stand on somebody's way to a customer, as the page tells an administrator.
async fn explained(
    stage: &mut Stage,
    login: &str,
    record: RecordId,
    connection: ConnectionId,
) -> Vec<bool> {
    let sql = format!("SELECT id FROM app_user WHERE login = '{login}'");
    let user = stage.portal.database.ask(&sql).remove(0);
    let path = format!("/access?user={user}&kind=company&record={record}&connection={connection}");
    let page = stage.browser(Who::Ada).get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let states = page.attributes("section[aria-labelledby=way-1] tbody .badge", "class");
    assert_eq!(states.len(), GATES + 1, "{}", page.text);
    states.iter().map(|class| class.contains("good")).collect()
}

async fn compare(stage: &mut Stage, state: &str) -> usize {
    let mut through = 0;
    for (who, login) in PEOPLE {
        for (record, connection) in [
            (stage.company, stage.north),
            (stage.free, stage.north),
            (stage.hidden, stage.south),
            (stage.company, stage.spare),
        ] {
            let gates = explained(stage, login, record, connection).await;
            let path = format!("/companies/{record}/erp/{connection}/search?type=Customer");
            let page = stage.browser(who).get(&path).await;
            let is_in = [200, 303].contains(&page.status);
            let says = gates[..GATES].iter().all(|is_open| *is_open);
            assert_eq!(says, is_in, "{state}: {login} {path}: {gates:?}, {}", page.status);
            through += usize::from(is_in);
        }
    }
    through
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_of_everybody_what_the_guard_does() {
    let mut stage = Stage::set().await;
    assert!(compare(&mut stage, "as usual").await >= 3);
    let off = format!(
        "UPDATE actor_mapping SET is_active = FALSE WHERE connection_id = {} AND LOWER(actor_type) = 'customer'",
        stage.north
    );
    let everyone =
        format!("UPDATE erp_connection SET is_for_everyone = TRUE WHERE id = {}", stage.south);
    let deactivated =
        format!("UPDATE erp_connection SET is_active = FALSE WHERE id = {}", stage.north);
    let before = compare(&mut stage, "once more").await;
    assert!(stage.portal.database.sql(&everyone));
    assert!(compare(&mut stage, "the south for everyone").await > before);
    for (state, sql) in [
        ("the type off", off.as_str()),
        ("the north deactivated", &deactivated),
        ("a seat less", "UPDATE app_user SET has_seat = FALSE WHERE login = 'ida'"),
    ] {
        assert!(stage.portal.database.sql(sql), "{sql}");
        compare(&mut stage, state).await;
    }
    assert!(stage.portal.database.sql("DELETE FROM licence"));
    assert_eq!(compare(&mut stage, "no licence").await, 0);
}
