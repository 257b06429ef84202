//! A portal on a port of its own, and a browser that keeps cookies and reads pages.

use std::collections::BTreeMap;
use std::net::{IpAddr, TcpListener};

use gleichlauf::app::{self, App, Plugins};
use gleichlauf::clock::Clock;
use gleichlauf::config::{Config, Connectors};
use scraper::{Html, Selector};
use tokio::sync::watch;

use super::database::{Database, NOON};
use super::licences;

/// A running portal; stops when dropped.
pub struct Portal {
    pub app: App,
    pub clock: Clock,
    pub address: String,
    pub database: Database,
    server: actix_web::dev::ServerHandle,
}

impl Drop for Portal {
    fn drop(&mut self) {
        // Dropping the future would not send the command, polling it once does.
        let stop = self.server.stop(false);
        tokio::spawn(stop);
    }
}

/// A portal on an empty database that may call `allowed` connector addresses.
pub async fn spawn(allowed: &[String]) -> Portal {
    spawn_with(allowed, Plugins::new()).await
}

/// The same with connectors built in, by the name in `plugin://name`.
pub async fn spawn_with(allowed: &[String], plugins: Plugins) -> Portal {
    spawn_from(allowed, plugins, |_| ()).await
}

/// The same with some lines of the configuration changed.
pub async fn spawn_from(
    allowed: &[String],
    plugins: Plugins,
    change: impl FnOnce(&mut Config),
) -> Portal {
    let database = Database::fresh();
    let clock = Clock::fixed(NOON);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = listener.local_addr().unwrap();
    let mut config = Config {
        listen,
        database: database.settings.database.clone(),
        key_file: database.settings.key_file.clone(),
        history_head: database.settings.head_file.clone(),
        static_folder: concat!(env!("CARGO_MANIFEST_DIR"), "/static").into(),
        connectors: Connectors { allowed: allowed.to_vec(), strict: false },
        ..Config::default()
    };
    change(&mut config);
    let app = app::open(&config, clock.clone(), licences::trusted(), plugins).await.unwrap();
    let server = app.server(listener, 1).unwrap();
    let handle = server.handle();
    tokio::spawn(server);
    Portal { app, clock, address: format!("http://{listen}"), database, server: handle }
}

impl Portal {
    /// Lets the engine work until what this gives is dropped.
    pub fn work(&self) -> watch::Sender<bool> {
        let (stop, stopped) = watch::channel(false);
        let engine = self.app.portal.engine.clone();
        tokio::spawn(async move {
            let mut ended = stopped.clone();
            tokio::select! {
                () = engine.work(stopped) => {}
                _ = ended.changed() => {}
            }
        });
        stop
    }
}

/// A visitor with cookies. A clone is another tab of the same browser, as it is now.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    address: String,
    cookies: BTreeMap<String, String>,
    csrf: String,
    pub language: &'static str,
}

impl Browser {
    pub fn new(portal: &Portal) -> Self {
        Self::coming_from(&portal.address, None)
    }

    /// A visitor of the portal at this address.
    pub fn at(address: &str) -> Self {
        Self::coming_from(address, None)
    }

    /// The same, from this address of the machine if it matters.
    pub fn coming_from(address: &str, from: Option<IpAddr>) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .local_address(from)
            .build()
            .unwrap();
        let (address, cookies) = (address.to_owned(), BTreeMap::new());
        Self { client, address, cookies, csrf: String::new(), language: "en" }
    }

    /// The portal was started again, at another address.
    pub fn move_to(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.client.get(format!("{}{path}", self.address));
        self.send(request).await
    }

    /// Sends a form, with the token of the page seen last.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.try_post(path, fields).await.unwrap()
    }

    /// The same on a portal that may be gone before it answers.
    pub async fn try_post(&mut self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Page> {
        let mut fields = fields.to_vec();
        let csrf = self.csrf.clone();
        fields.push(("csrf", &csrf));
        let request = self.form(path, &fields);
        self.try_send(request).await
    }

    /// Sends exactly these fields.
    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.form(path, fields);
        self.send(request).await
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        self.client
            .post(format!("{}{path}", self.address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.finish())
    }

    /// Sends a form and follows where it leads.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.post(path, fields).await;
        if page.location.is_empty() { page } else { self.get(&page.location.clone()).await }
    }

    /// Sends any request with this browser's cookies and language.
    pub async fn send(&mut self, request: reqwest::RequestBuilder) -> Page {
        self.try_send(request).await.unwrap()
    }

    /// The same on a portal that may be gone before it answers.
    pub async fn try_send(&mut self, request: reqwest::RequestBuilder) -> reqwest::Result<Page> {
        let cookies: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let response = request
            .header("Cookie", cookies.join("; "))
            .header("Accept-Language", self.language)
            .send()
            .await?;
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let page = Page::read(response).await?;
        if let Some(token) = page.csrf() {
            self.csrf = token;
        }
        Ok(page)
    }

    /// The token of the page seen last.
    pub fn token(&self) -> &str {
        &self.csrf
    }

    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    pub fn set_cookies(&mut self, cookies: BTreeMap<String, String>) {
        self.cookies = cookies;
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub text: String,
    pub location: String,
    pub headers: reqwest::header::HeaderMap,
}

impl Page {
    async fn read(response: reqwest::Response) -> reqwest::Result<Self> {
        let header = |name| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        Ok(Self {
            status: response.status().as_u16(),
            location: header("location").unwrap_or_default(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.text)
    }

    /// The texts of all elements that fit the selector, white space squeezed.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html()
            .select(&selector)
            .map(|e| e.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.all(selector).is_empty()
    }

    /// An attribute of the first element that fits.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let parsed = Selector::parse(selector).unwrap();
        self.html().select(&parsed).next().and_then(|e| e.attr(name)).map(str::to_owned)
    }

    /// The same of every element that fits.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let parsed = Selector::parse(selector).unwrap();
        let html = self.html();
        html.select(&parsed).filter_map(|e| e.attr(name)).map(str::to_owned).collect()
    }

    /// Where its links and filters lead, with what stands behind the question mark.
    pub fn queries(&self) -> Vec<(String, Vec<(String, String)>)> {
        let read = |link: String| {
            let (path, query) = link.split_once('?')?;
            let pairs = url::form_urlencoded::parse(query.split('#').next()?.as_bytes());
            Some((path.to_owned(), pairs.into_owned().collect()))
        };
        let filters = self.forms().into_iter().filter(|form| !form.changes);
        let links = self.attributes("a[href^='/']", "href").into_iter().filter_map(read);
        let of_filter = |form: Form| {
            let missing = form.names.into_iter().map(|name| (name, String::new()));
            (form.action, missing.chain(form.fields).collect())
        };
        links.chain(filters.map(of_filter)).collect()
    }

    /// What a browser would send of the form as it stands: no buttons, ticked boxes only.
    pub fn inputs(&self, form: &str) -> Vec<(String, String)> {
        let parsed = Selector::parse(&format!("{form} {CONTROLS}")).unwrap();
        self.html().select(&parsed).filter_map(sent).collect()
    }

    /// Every form on the page as it stands.
    pub fn forms(&self) -> Vec<Form> {
        let [form, controls, buttons] =
            ["form", CONTROLS, "button[name]"].map(|of| Selector::parse(of).unwrap());
        let read = |element: scraper::ElementRef<'_>| Form {
            action: element.attr("action").unwrap_or_default().to_owned(),
            changes: element.attr("method") == Some("post"),
            fields: element.select(&controls).filter_map(sent).collect(),
            names: element.select(&controls).filter_map(|it| name(&it)).collect(),
            buttons: element.select(&buttons).filter_map(pressed).collect(),
        };
        self.html().select(&form).map(read).collect()
    }

    /// What stands in an input or text area.
    pub fn value_of(&self, name: &str) -> String {
        self.attribute(&format!("input[name='{name}']"), "value")
            .or_else(|| self.all(&format!("textarea[name='{name}']")).pop())
            .or_else(|| self.attribute(&format!("select[name='{name}'] option[selected]"), "value"))
            .unwrap_or_default()
    }

    fn csrf(&self) -> Option<String> {
        // Read as a text: every page has one, and few are looked at in any other way.
        let (_, rest) = self.text.split_once("name=\"csrf\" value=\"")?;
        Some(rest.split_once('"')?.0.to_owned())
    }
}

/// A form as a browser would send it without pressing a named button.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub changes: bool,
    pub fields: Vec<(String, String)>,
    /// Of all controls, also of boxes that are not ticked.
    pub names: Vec<String>,
    /// What each of its buttons adds.
    pub buttons: Vec<(String, String)>,
}

const CONTROLS: &str = ":is(input, select, textarea)[name]";

fn name(element: &scraper::ElementRef<'_>) -> Option<String> {
    element.attr("name").map(str::to_owned)
}

fn pressed(button: scraper::ElementRef<'_>) -> Option<(String, String)> {
    Some((name(&button)?, button.attr("value").unwrap_or_default().to_owned()))
}

/// What a control sends, if anything.
fn sent(element: scraper::ElementRef<'_>) -> Option<(String, String)> {
    let is_box = matches!(element.attr("type"), Some("checkbox" | "radio"));
    if element.attr("disabled").is_some() || is_box && element.attr("checked").is_none() {
        return None;
    }
    let value = match element.value().name() {
        "textarea" => element.text().collect::<String>().trim_start_matches('\n').to_owned(),
        "select" => {
            let chosen = Selector::parse("option[selected]").unwrap();
            let first = element.select(&chosen).next();
            first.and_then(|e| e.attr("value")).unwrap_or_default().to_owned()
        }
        _ => element.attr("value").unwrap_or_default().to_owned(),
    };
    Some((element.attr("name").unwrap().to_owned(), value))
}
