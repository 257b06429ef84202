//! The ERPs that the portal is killed against: the practice ERP behind the connector host, and the .NET
//! connector. Each is changed by its own users and looked into from outside, as people there would.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;

use actix_web::{App, HttpServer};
use gleichlauf::connector::types::{Access, FieldType, Settings};
use gleichlauf::mapping::{DefaultRule, Direction, FieldMapping};
use gleichlauf::store::configuration::Configuration;
use serde_json::{Map, Value};

use crate::host::Served;
use crate::practice;
use crate::support::connections::field;
use crate::support::wcf::{Form, Wcf};
use crate::sync::setting::text;

/// Which of them.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    Practice,
    Net(Form),
}

/// How much it holds.
#[derive(Clone, Copy, Debug)]
pub enum Stock {
    /// About a hundred customers.
    Small,
    /// More than anybody looks through.
    Large,
}

/// A running ERP.
pub struct Erp {
    side: Side,
    /// Keys of customers that nobody has taken yet.
    free: Mutex<Vec<String>>,
}

enum Side {
    Practice(Practice),
    Net(Wcf),
}

struct Practice {
    /// Its client, and that one's user and password.
    login: (&'static str, &'static str, &'static str),
    host: Served,
    page: SocketAddr,
    http: reqwest::Client,
    _erp: practice::Erp,
}

/// What an ERP calls its fields.
pub struct Names {
    pub name: &'static str,
    pub phone: &'static str,
    pub email: &'static str,
    number: &'static str,
}

/// A customer's values by field.
pub type Values = BTreeMap<String, String>;

impl Erp {
    pub async fn start(which: Which, stock: Stock) -> Self {
        let side = match (which, stock) {
            (Which::Practice, Stock::Small) => {
                Side::Practice(Practice::start(("02", "sync2", "practice2")).await)
            }
            (Which::Practice, Stock::Large) => {
                Side::Practice(Practice::start(("01", "sync", "practice")).await)
            }
            (Which::Net(form), Stock::Small) => Side::Net(Wcf::start(form, 100).await),
            (Which::Net(form), Stock::Large) => Side::Net(Wcf::start(form, 250).await),
        };
        let erp = Self { side, free: Mutex::default() };
        *erp.free.lock().unwrap() = erp.customers().await.into_keys().collect();
        erp
    }

    /// `address:port` of the connector.
    pub fn socket(&self) -> SocketAddr {
        match &self.side {
            Side::Practice(practice) => practice.host.address,
            Side::Net(wcf) => wcf.line().parse().unwrap(),
        }
    }

    pub fn names(&self) -> Names {
        match self.side {
            Side::Practice(_) => {
                Names { name: "NAME", phone: "PHONE", email: "EMAIL", number: "NUMBER2" }
            }
            Side::Net(_) => {
                Names { name: "Name", phone: "Phone", email: "Email", number: "Number" }
            }
        }
    }

    /// What the connector wants to be told about a connection.
    pub fn configuration(&self) -> Configuration {
        let values = match &self.side {
            Side::Practice(Practice { login: (client, user, password), .. }) => {
                vec![("Client", *client), ("User", *user), ("Password", *password)]
            }
            Side::Net(_) => vec![
                ("Server", "erp.example"),
                ("User", "anna"),
                ("Password", "right"),
                ("Company", "01"),
            ],
        };
        let declared = |(key, _): &(&str, &str)| {
            let kind = if *key == "Password" { FieldType::Password } else { FieldType::Text };
            field(key, kind, "", Access::Normal)
        };
        let fields = values.iter().map(declared).collect();
        Configuration { fields, values: values.into_iter().collect::<Settings>() }
    }

    /// Name, phone and e-mail both ways, the number towards the CRM; whatever else a new customer needs has
    /// a default.
    pub fn fields(&self) -> Vec<FieldMapping> {
        let names = self.names();
        let number = FieldMapping { direction: Direction::TO_CRM, ..text(names.number, "number") };
        let mut fields = vec![
            text(names.name, "name"),
            text(names.phone, "phone"),
            text(names.email, "email"),
            number,
        ];
        if let Side::Practice(_) = self.side {
            let rule = DefaultRule {
                value: Some("10".into()),
                asks_user: false,
                is_mandatory: false,
                ..DefaultRule::default()
            };
            fields.push(FieldMapping {
                default: Some(rule),
                ..FieldMapping::new(field(
                    "CUSTGROUP",
                    FieldType::List,
                    "CustomerGroup",
                    Access::Mandatory,
                ))
            });
        }
        fields
    }

    /// A customer that no other test works with.
    pub fn take_customer(&self) -> String {
        self.free.lock().unwrap().pop().expect("the ERP has too few customers")
    }

    /// One of its users changes a value.
    pub async fn set(&self, key: &str, field: &str, value: &str) {
        match &self.side {
            Side::Net(wcf) => _ = wcf.set("Customer", key, field, value).await,
            Side::Practice(practice) => practice.set(key, field, value).await,
        }
    }

    /// Everything it holds about its customers, by key.
    pub async fn customers(&self) -> BTreeMap<String, Values> {
        let dump = match &self.side {
            Side::Net(wcf) => wcf.dump("Customer").await,
            Side::Practice(practice) => practice.dump().await,
        };
        let values = |row: Value| serde_json::from_value(row["values"].clone()).unwrap();
        dump.into_iter().map(|(key, row)| (key, values(row))).collect()
    }

    pub async fn get(&self, key: &str, field: &str) -> String {
        self.customers().await[key].get(field).cloned().unwrap_or_default()
    }

    /// How many customers bear this name.
    pub async fn count_named(&self, name: &str) -> usize {
        let field = self.names().name;
        let customers = self.customers().await;
        customers.values().filter(|values| values.get(field).is_some_and(|it| it == name)).count()
    }
}

impl Practice {
    /// Its connector on one port, its own users' page on another.
    async fn start(login: (&'static str, &'static str, &'static str)) -> Self {
        let erp = practice::Erp::new().await;
        let host = Served::start(vec![("Gleichlauf.Practice", erp.connector.clone())]);
        let practice = erp.practice.clone();
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/practice");
        let server = HttpServer::new(move || {
            let (practice, assets) = (practice.clone(), assets.clone());
            App::new().configure(move |config| {
                gleichlauf::practice::web::configure(config, &practice, &assets);
            })
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let page = server.addrs()[0];
        tokio::spawn(server.run());
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { login, host, page, http, _erp: erp }
    }

    async fn set(&self, key: &str, field: &str, value: &str) {
        let pairs = [("key", key), ("field", field), ("value", value)];
        let answer = self.http.post(self.url("set", &pairs)).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    async fn dump(&self) -> Map<String, Value> {
        let text = self.http.get(self.url("dump", &[])).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn url(&self, command: &str, pairs: &[(&str, &str)]) -> reqwest::Url {
        let start = format!("http://{}/control/{command}", self.page);
        let always = [("client", self.login.0), ("type", "Customer")];
        reqwest::Url::parse_with_params(&start, always.iter().chain(pairs)).unwrap()
    }
}
