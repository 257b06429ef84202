//! Default values: what their boxes come to, a tag in place of a value, and several deleted at once.

use gleichlauf::connector::types::ActorType;

use super::office::Office;
use super::window::quoted;

const CUSTOMER: ActorType = ActorType::Customer;

/// What the boxes come to is said while they are ticked.
pub async fn tell(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto_its("/defaults?type=Customer").await;
    begin_default(o, "SINCE").await;
    if w.scripts {
        w.find(&effect(t.defaults_effect_none())).await;
        w.tick(t.defaults_ask_user()).await;
        w.find(&effect(t.defaults_effect_asked())).await;
        w.tick(t.defaults_mandatory()).await;
        w.find(&effect(t.defaults_effect_must())).await;
        w.tick(t.defaults_set()).await;
        w.find(&effect(t.defaults_effect_offered())).await;
        w.untick(t.defaults_mandatory()).await;
        w.untick(t.defaults_ask_user()).await;
        w.find(&effect(t.defaults_effect_silent())).await;
    } else {
        w.tick(t.defaults_set()).await;
    }
    w.choose_value(t.defaults_tag(), "<today>").await;
    w.press(t.ok()).await;
    w.sees(t.defaults_saved()).await;
    let since = o.caption(CUSTOMER, "SINCE").await;
    w.follow(&since).await;
    w.find("//select[@name='tag']/option[@selected][@value='<today>']").await;
    o.goto_its("/defaults?type=Customer").await;
    begin_default(o, "RATING").await;
    w.tick(t.defaults_ask_user()).await;
    w.press(t.ok()).await;
    w.sees(t.defaults_saved()).await;
    delete_defaults(o, &[since, o.caption(CUSTOMER, "RATING").await]).await;
}

async fn begin_default(o: &Office, key: &str) {
    let (w, t) = (&o.w, o.t());
    w.follow(t.add()).await;
    w.choose(t.defaults_field(), &o.caption(CUSTOMER, key).await).await;
    w.press(t.next()).await;
    w.sees(t.defaults_ask_user()).await;
}

/// The sentence that the script keeps up to date.
fn effect(said: &str) -> String {
    format!("//*[@data-effect][normalize-space(.)={}]", quoted(said))
}

/// Several at once, after a question that names them.
async fn delete_defaults(o: &Office, names: &[String]) {
    let (w, t) = (&o.w, o.t());
    for name in names {
        let label = quoted(&t.defaults_choose_named(name));
        w.tick_at(&format!("//input[@name='rule'][@aria-label={label}]")).await;
    }
    w.press(t.defaults_delete()).await;
    w.sees(t.defaults_delete_text()).await;
    for name in names {
        w.sees(name).await;
    }
    w.press(t.defaults_delete()).await;
    w.sees(&t.defaults_deleted(names.len())).await;
    assert!(o.field(CUSTOMER, "SINCE").await.default.is_none());
    assert!(o.field(CUSTOMER, "RATING").await.default.is_none());
}
