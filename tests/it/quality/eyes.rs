//! A browser that looks at pages, and what is wrong with them.

use fantoccini::Client;
use serde_json::{Value, json};

use crate::support::chromium::Chromium;
use crate::support::people::PASSWORD;

/// A window of its own.
pub struct Eyes {
    pub chromium: Chromium,
    /// The window closes with it.
    _client: Client,
    address: String,
    pub problems: Vec<String>,
}

impl Eyes {
    /// Opens a window in which this script runs before those of every page.
    pub async fn open(language: &str, script: &str) -> Self {
        let (chromium, client) = Chromium::open(language, true).await;
        let source = json!({ "source": script });
        chromium.devtools("Page.addScriptToEvaluateOnNewDocument", source).await;
        Self { chromium, _client: client, address: String::new(), problems: Vec::new() }
    }

    /// From now on at this portal, as whoever has this log-in.
    pub async fn sign_in(&mut self, address: &str, login: &str) {
        self.sign_out(address).await;
        self.go("/sign-in").await;
        let fill = "
            const form = document.querySelector('main form');
            form.elements.login.value = arguments[0];
            form.elements.password.value = arguments[1];
            form.requestSubmit();";
        self.run(fill, json!([login, PASSWORD])).await;
        self.go("/companies").await;
    }

    pub async fn sign_out(&mut self, address: &str) {
        address.clone_into(&mut self.address);
        self.chromium.devtools("Network.clearBrowserCookies", json!({})).await;
    }

    pub async fn go(&self, path: &str) {
        let url = json!({ "url": format!("{}{path}", self.address) });
        self.chromium.command("url", &url).await;
    }

    pub async fn run(&self, script: &str, arguments: Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.chromium.command("execute/sync", &body).await
    }

    pub async fn view(&self, width: u32, scheme: &str) {
        let metrics =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.chromium.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        let media = json!({ "features": features });
        self.chromium.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// What the browser has complained of since it was asked last.
    pub async fn hear(&mut self, what: &str) {
        let said = self.chromium.command("se/log", &json!({ "type": "browser" })).await;
        let said = said.as_array().unwrap().iter().filter(|entry| entry["level"] == "SEVERE");
        let texts = said.map(|entry| entry["message"].as_str().unwrap().to_owned());
        // A page that says no is one all the same; and nobody has typed in a form that a script has filled.
        let is_ours = |text: &String| {
            !text.contains("the server responded with a status of 4")
                && !text.contains("Blocked attempt to show a 'beforeunload' confirmation panel")
        };
        let own = texts.filter(is_ours);
        self.note(&format!("{what}, console"), &own.collect());
    }

    pub fn note(&mut self, what: &str, found: &Value) {
        let lines = found.as_array().unwrap_or_else(|| panic!("{what}: {found}"));
        self.problems
            .extend(lines.iter().map(|line| format!("{what}: {}", line.as_str().unwrap())));
    }
}
