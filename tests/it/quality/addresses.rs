//! The addresses of the route table with ids that exist.

use std::collections::BTreeSet;

use gleichlauf::web::routes::TABLE;

use super::stage::{Stage, Who};
use crate::support::portal::Page;

/// Addresses a pattern of the table stands for, the likeliest first.
pub fn concrete(stage: &Stage, path: &str) -> Vec<String> {
    let ids: Vec<i64> = match path.split('/').nth(1).unwrap() {
        "companies" => vec![stage.free, stage.company, stage.hidden],
        "persons" => vec![stage.person],
        "projects" => vec![stage.project],
        "connections" => vec![stage.spare, stage.north],
        "connectors" => vec![stage.north_connector],
        "users" => vec![stage.ida],
        "groups" => vec![stage.group],
        "crm-fields" => vec![stage.custom_field],
        _ => vec![1],
    };
    let fill = |id: &i64| {
        path.replace("{id}", &id.to_string())
            .replace("{seq}", "1")
            .replace("{connection}", &stage.north.to_string())
            .replace("{type}", "Customer")
            .replace("{number}", "1")
            .replace("{field}", &stage.field.to_string())
            .replace("{run}", &stage.run.to_string())
            .replace("{resync}", &stage.resync.to_string())
    };
    let connector = format!("connector={}", stage.north_connector);
    let queries = match path.contains("/erp/") {
        true => ["Customer&key=C2", "Customer&key=C1", "Person&key=P1", "Project&key=J3"]
            .map(|actor| format!("?type={actor}"))
            .to_vec(),
        false => vec![
            String::new(),
            format!("?type=Customer&field=Phone&rule={}", stage.field),
            format!("?{connector}"),
        ],
    };
    let with_query = |address: String| queries.iter().map(move |query| format!("{address}{query}"));
    ids.iter().map(fill).flat_map(with_query).collect()
}

/// The pages that this person may open, one per route and connection; of records, one per route.
pub async fn pages_of(stage: &mut Stage, who: Who) -> Vec<(&'static str, String, Page)> {
    let mut pages = Vec::new();
    for route in TABLE.iter().filter(|route| route.method == "GET") {
        let mut shown = BTreeSet::new();
        for address in concrete(stage, route.path) {
            let bare = address.split('?').next().unwrap().to_owned();
            if shown.contains(&bare) || is_users(route.path) && !shown.is_empty() {
                continue;
            }
            let page = stage.browser(who).get(&address).await;
            if page.status == 200 && page.text.contains("<html") {
                shown.insert(bare);
                pages.push((route.path, address, page));
            }
        }
    }
    pages
}

/// Those of the person's own: records and what stands in their ERP tab.
pub fn is_users(route: &str) -> bool {
    ["/companies", "/persons", "/projects"].iter().any(|start| route.starts_with(start))
}
