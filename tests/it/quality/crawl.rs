//! Every page a visitor reaches by links and filters, and every form on them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::support::portal::{Browser, Form, Page};

/// Pages of one shape that are looked at; more of them only cost time.
const ALIKE: usize = 6;

#[derive(Default)]
pub struct Found {
    pub pages: Vec<(String, Page)>,
    /// Forms that change something, each action once.
    pub forms: BTreeMap<String, Form>,
}

pub async fn crawl(browser: &mut Browser, starts: &[String]) -> Found {
    let mut found = Found::default();
    let mut waiting: VecDeque<String> = starts.iter().cloned().collect();
    let (mut seen, mut alike) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    while let Some(address) = waiting.pop_front() {
        let count = alike.entry(shape(&address)).or_default();
        if *count >= ALIKE || !seen.insert(address.clone()) {
            continue;
        }
        *count += 1;
        let page = browser.get(&address).await;
        assert!(page.status < 500, "{address}: {}", page.text);
        if page.text.starts_with("<!") || page.text.contains("<html") {
            waiting.extend(page.attributes("a[href^='/']", "href").iter().map(|to| bare(to)));
            for form in page.forms() {
                match form.changes {
                    true => _ = found.forms.entry(form.action.clone()).or_insert(form),
                    false => waiting.push_back(filtered(&form)),
                }
            }
        }
        if page.location.starts_with('/') {
            waiting.push_back(bare(&page.location));
        }
        found.pages.push((address, page));
    }
    found
}

/// An address with its ids and values left out.
fn shape(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path: String = path.chars().filter(|c| !c.is_ascii_digit()).collect();
    let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    let names: BTreeSet<&str> = names.collect();
    format!("{path}?{}", names.into_iter().collect::<Vec<_>>().join("&"))
}

fn bare(address: &str) -> String {
    address.split('#').next().unwrap_or_default().to_owned()
}

fn filtered(form: &Form) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&form.fields);
    format!("{}?{}", form.action, query.finish())
}
