//! A form as a browser fills and sends it.

use super::portal::{Browser, Page};

/// What a form that was just shown holds, ready to be sent again with some values changed.
#[derive(Clone)]
pub struct Filled(pub Vec<(String, String)>);

impl Filled {
    /// As a browser would read the page: every input with its value, ticked boxes only.
    pub fn read(page: &Page) -> Self {
        Self(page.inputs("main form.form"))
    }

    /// The same with this value alone under the name.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with nothing under the name.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(key, _)| key != name);
        self
    }

    /// Sends it with the button of this value pressed.
    pub async fn send(&self, browser: &mut Browser, path: &str, wish: &str) -> Page {
        let mut pairs: Vec<(&str, &str)> = self
            .0
            .iter()
            .filter(|(key, _)| !["csrf", "once"].contains(&key.as_str()))
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        pairs.push(("do", wish));
        browser.post(path, &pairs).await
    }
}
