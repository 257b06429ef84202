//! The ERP systems of the journey: each as its connector is reached over the wire, as a user of it changes
//! something, and what it really holds.

use std::collections::BTreeMap;
use std::net::TcpListener;

use actix_web::{App, HttpServer};
use gleichlauf::clock::Clock;
use gleichlauf::connector::types::FieldValues;
use gleichlauf::host::{self, Host};
use serde_json::Value;
use tempfile::TempDir;

use super::window::Window;
use crate::practice;
use crate::support::wcf::{Form, Wcf};

pub enum Erp {
    Practice(PracticeErp),
    DotNet(Wcf),
}

pub struct PracticeErp {
    connector: String,
    page: String,
    http: reqwest::Client,
    _folder: TempDir,
}

/// One row of an ERP.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub parent: Option<String>,
    pub values: FieldValues,
}

pub type Rows = BTreeMap<String, Row>;

impl Erp {
    pub async fn practice(clock: &Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let practice = practice::filled(folder.path(), clock.clone()).await;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connector = listener.local_addr().unwrap().to_string();
        let host = Host::new(vec![("Gleichlauf.Practice".to_owned(), practice.connector())]);
        tokio::spawn(host::serve(listener, host).unwrap());
        let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static/practice");
        let server = HttpServer::new(move || {
            let (practice, assets) = (practice.clone(), assets.clone());
            App::new().configure(move |config| {
                gleichlauf::practice::web::configure(config, &practice, &assets);
            })
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let page = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self::Practice(PracticeErp { connector, page, http, _folder: folder })
    }

    pub async fn dot_net(form: Form) -> Self {
        Self::DotNet(Wcf::start(form, 20).await)
    }

    /// The URL an administrator is given.
    pub fn address(&self) -> String {
        match self {
            Self::Practice(erp) => format!("http://{}{}", erp.connector, host::PATH),
            Self::DotNet(erp) => erp.address(),
        }
    }

    /// The line of the configuration file that lets it be called.
    pub fn line(&self) -> String {
        match self {
            Self::Practice(erp) => erp.connector.clone(),
            Self::DotNet(erp) => erp.line(),
        }
    }

    /// Everything of one kind, by key.
    pub async fn dump(&self, kind: &str) -> Rows {
        match self {
            Self::DotNet(erp) => rows(erp.dump(kind).await),
            Self::Practice(erp) => erp.dump(&format!("type={kind}")).await,
        }
    }

    pub async fn row(&self, kind: &str, key: &str) -> Row {
        let mut rows = match self {
            Self::DotNet(erp) => rows(erp.dump(kind).await),
            Self::Practice(erp) => erp.dump(&format!("type={kind}&key={key}")).await,
        };
        rows.remove(key).unwrap_or_else(|| panic!("no {kind} {key}"))
    }

    /// Everything the ERP holds, by kind.
    pub async fn all(&self) -> BTreeMap<&'static str, Rows> {
        let mut all = BTreeMap::new();
        for kind in ["Customer", "Supplier", "Person", "Project"] {
            all.insert(kind, self.dump(kind).await);
        }
        all
    }

    /// A user of the ERP changes a customer's value; in the practice ERP on its own page.
    pub async fn change(&self, window: &Window, name: &str, key: &str, field: &str, value: &str) {
        match self {
            Self::DotNet(erp) => _ = erp.set("Customer", key, field, value).await,
            Self::Practice(erp) => {
                window.goto(&format!("{}/01/customers", erp.page)).await;
                window.fill_named("q", name).await;
                let (search, save, saved) = match window.language.code() {
                    "de" => ("Suchen", "Speichern", "Gespeichert."),
                    _ => ("Search", "Save", "Saved."),
                };
                window.press(search).await;
                window.follow(name).await;
                window.fill_named(field, value).await;
                window.press(save).await;
                window.sees(saved).await;
            }
        }
    }
}

impl PracticeErp {
    async fn dump(&self, which: &str) -> Rows {
        let address = format!("{}/control/dump?client=01&{which}", self.page);
        let text = self.http.get(address).send().await.unwrap().text().await.unwrap();
        rows(serde_json::from_str(&text).unwrap())
    }
}

fn rows(dumped: serde_json::Map<String, Value>) -> Rows {
    let row = |(key, row): (String, Value)| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let values = row["values"].as_object().unwrap();
        let values = values.iter().map(|(key, value)| (key.clone(), text(value))).collect();
        (key, Row { parent: row["parent"].as_str().map(str::to_owned), values })
    };
    dumped.into_iter().map(row).collect()
}
