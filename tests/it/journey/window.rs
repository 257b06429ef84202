//! What a person does in a browser window: looks for something by its words, and presses, types or
//! chooses it. Everything is waited for, with a limit that only a defect reaches.

use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};
use gleichlauf::i18n::{Language, Texts};
use serde_json::json;

use crate::support::chromium::Chromium;
use crate::support::people;
use crate::support::portal::Portal;

const PATIENCE: Duration = Duration::from_secs(120);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

pub struct Window {
    pub t: Texts,
    pub language: Language,
    pub scripts: bool,
    pub(super) client: Client,
    browser: Chromium,
}

impl Window {
    pub async fn open(language: Language, scripts: bool) -> Self {
        let (browser, client) = Chromium::open(language.code(), scripts).await;
        Self { t: Texts::new(language), language, scripts, client, browser }
    }

    /// With somebody signed in.
    pub async fn signed_in(
        portal: &Portal,
        login: &str,
        language: Language,
        scripts: bool,
    ) -> Self {
        let window = Self::open(language, scripts).await;
        window.sign_in(portal, login).await;
        window
    }

    pub async fn sign_in(&self, portal: &Portal, login: &str) {
        self.goto(&portal.address).await;
        self.give_log_in(login).await;
    }

    /// Fills in the sign-in page that is shown.
    pub async fn give_log_in(&self, login: &str) {
        self.fill(self.t.sign_in_login(), login).await;
        self.fill(self.t.sign_in_password(), people::PASSWORD).await;
        self.press(self.t.sign_in_button()).await;
        self.sees(self.t.records_companies()).await;
    }

    pub async fn goto(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Waits until `look` finds something; errors of a page that is just changing count as nothing.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Result<Option<T>, CmdError>) -> T {
        let start = Instant::now();
        let mut last = String::new();
        while start.elapsed() < PATIENCE {
            match look().await {
                Ok(Some(found)) => return found,
                Ok(None) => {}
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        panic!("{what}: not found. {last}\n{}", self.described().await);
    }

    /// Where the window is and what it shows; a picture of it is left for whoever looks into a failure.
    async fn described(&self) -> String {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        let picture = folder.join(format!("journey-{}.png", std::process::id()));
        if let Ok(bytes) = self.client.screenshot().await {
            let _ = std::fs::write(&picture, bytes);
        }
        let address = self.client.current_url().await;
        let address = address.map_or(String::new(), |address| address.to_string());
        format!("at {address}, see {}\n{}", picture.display(), self.text().await)
    }

    /// Everything the page shows.
    pub async fn text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await;
        match body {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// The page as it came, with what is not shown.
    pub async fn source(&self) -> String {
        self.client.source().await.unwrap()
    }

    pub async fn address(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    pub async fn cookies(&self) -> String {
        let all = self.client.get_all_cookies().await.unwrap();
        all.iter().map(|c| format!("{}={}", c.name(), c.value())).collect::<Vec<_>>().join("; ")
    }

    pub async fn sees(&self, text: &str) {
        let wanted = squeezed(text);
        let is_there = async || Ok(squeezed(&self.text().await).contains(&wanted).then_some(()));
        self.until(text, is_there).await;
    }

    pub async fn sees_not(&self, text: &str) {
        let shown = self.text().await;
        assert!(!squeezed(&shown).contains(&squeezed(text)), "“{text}” is shown:\n{shown}");
    }

    /// The first element of this path that is shown.
    pub async fn find(&self, path: &str) -> Element {
        self.until(path, async || self.shown(path).await).await
    }

    async fn shown(&self, path: &str) -> Result<Option<Element>, CmdError> {
        for element in self.client.find_all(Locator::XPath(path)).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    pub async fn has(&self, path: &str) -> bool {
        self.shown(path).await.unwrap().is_some()
    }

    /// The texts of everything on this path that is shown.
    pub async fn texts(&self, path: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::XPath(path)).await.unwrap() {
            texts.push(squeezed(&element.text().await.unwrap()));
        }
        texts
    }

    async fn click(&self, path: &str) {
        let press = async || {
            let Some(element) = self.shown(path).await? else { return Ok(None) };
            if !element.is_enabled().await? {
                return Ok(None);
            }
            self.bring_into_view(&element).await?;
            element.click().await.map(Some)
        };
        self.until(path, press).await;
    }

    /// As a person scrolls; away from the bar at the top.
    pub(super) async fn bring_into_view(&self, element: &Element) -> Result<(), CmdError> {
        let element = serde_json::to_value(element).unwrap();
        let script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.client.execute(script, vec![element]).await.map(|_| ())
    }

    pub async fn press(&self, button: &str) {
        self.click(&format!("//button[normalize-space(.)={}]", quoted(button))).await;
    }

    /// The button of one part of the page, found by that part's heading.
    pub async fn press_in(&self, heading: &str, button: &str) {
        let part = format!("//section[.//h2[normalize-space(.)={}]]", quoted(heading));
        self.click(&format!("{part}//button[normalize-space(.)={}]", quoted(button))).await;
    }

    pub async fn is_enabled(&self, button: &str) -> bool {
        let path = format!("//button[normalize-space(.)={}]", quoted(button));
        self.find(&path).await.is_enabled().await.unwrap()
    }

    pub async fn follow(&self, link: &str) {
        self.click(&format!("//a[normalize-space(.)={}]", quoted(link))).await;
    }

    pub async fn follow_path(&self, path: &str) {
        self.click(path).await;
    }

    /// Opens the menu whose handle holds an element of this class.
    pub async fn open_menu(&self, class: &str) {
        self.click(&format!("//summary[.//*[@class='{class}']]")).await;
    }

    pub async fn back(&self) {
        self.client.back().await.unwrap();
    }

    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Does something in the tab that was just opened, closes it, and is back in this one.
    pub async fn in_new_tab(&self, act: impl AsyncFnOnce()) {
        let here = self.client.window().await.unwrap();
        let opened = async || {
            let tabs = self.client.windows().await?;
            Ok(tabs.into_iter().find(|tab| *tab != here))
        };
        let other = self.until("a new tab", opened).await;
        self.client.switch_to_window(other).await.unwrap();
        act().await;
        self.client.close_window().await.unwrap();
        self.client.switch_to_window(here).await.unwrap();
    }

    /// What is said to screen readers alone, now or in a moment.
    pub async fn hears(&self, text: &str) {
        let path = "//*[@role='status'][contains(@class,'unseen')]";
        let said = async || {
            let region = self.client.find(Locator::XPath(path)).await?;
            Ok((region.prop("textContent").await?.as_deref() == Some(text)).then_some(()))
        };
        self.until(text, said).await;
    }

    /// Looks again and again, as somebody who waits for a change does.
    pub async fn sees_after_reloading(&self, text: &str) {
        let look = async || {
            self.client.refresh().await?;
            Ok(squeezed(&self.text().await).contains(text).then_some(()))
        };
        self.until(text, look).await;
    }

    /// A tab; what follows its name, such as a count, does not matter.
    pub async fn turn_to(&self, tab: &str) {
        self.click(&self.tab(tab)).await;
    }

    pub fn tab(&self, tab: &str) -> String {
        let name = quoted(tab);
        format!("//nav[contains(@class,'tabs')]//a[starts-with(normalize-space(.), {name})]")
    }

    async fn labelled(&self, label: &str) -> Element {
        let path = format!("//label[normalize-space(translate(., '*', ''))={}]", quoted(label));
        let label = self.find(&path).await;
        let id = label.attr("for").await.unwrap().expect("a label without a field");
        self.find(&format!("//*[@id={}]", quoted(&id))).await
    }

    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.labelled(label).await;
        self.write(&field, text).await;
    }

    pub async fn fill_named(&self, name: &str, text: &str) {
        let field = self.find(&format!("//*[@name={}]", quoted(name))).await;
        self.write(&field, text).await;
    }

    async fn write(&self, field: &Element, text: &str) {
        self.bring_into_view(field).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Pastes a text that is too long to be typed.
    pub async fn paste(&self, label: &str, text: &str) {
        let field = self.labelled(label).await;
        self.bring_into_view(&field).await.unwrap();
        field.click().await.unwrap();
        self.browser.devtools("Input.insertText", json!({ "text": text })).await;
    }

    /// Chooses a file, as in the browser's own dialog.
    pub async fn choose_file(&self, label: &str, path: &std::path::Path) {
        let field = self.labelled(label).await;
        self.bring_into_view(&field).await.unwrap();
        field.send_keys(path.to_str().unwrap()).await.unwrap();
    }

    /// Waits until a field holds this among other text.
    pub async fn has_value(&self, label: &str, text: &str) {
        let holds = async || Ok(self.value(label).await.contains(text).then_some(()));
        self.until(text, holds).await;
    }

    pub async fn value(&self, label: &str) -> String {
        self.labelled(label).await.prop("value").await.unwrap().unwrap_or_default()
    }

    pub async fn choose(&self, label: &str, option: &str) {
        let list = self.labelled(label).await;
        self.choose_in(&list, option).await;
    }

    /// Chooses what is sent as this, whatever it is called.
    pub async fn choose_value(&self, label: &str, value: &str) {
        let list = self.labelled(label).await;
        self.bring_into_view(&list).await.unwrap();
        list.select_by_value(value).await.unwrap();
    }

    pub async fn choose_named(&self, name: &str, option: &str) {
        let list = self.find(&format!("//select[@name={}]", quoted(name))).await;
        self.choose_in(&list, option).await;
    }

    pub async fn choose_in(&self, list: &Element, option: &str) {
        self.bring_into_view(list).await.unwrap();
        let path = format!(".//option[normalize-space(.)={}]", quoted(option));
        let found = list.find(Locator::XPath(&path)).await;
        let Ok(option) = found else {
            panic!("no option “{option}” in {}", list.html(true).await.unwrap());
        };
        option.click().await.unwrap();
    }

    /// Ticks a box or a radio button by its label, unless it is ticked.
    pub async fn tick(&self, label: &str) {
        let field = self.labelled(label).await;
        if !field.is_selected().await.unwrap() {
            let label = quoted(label);
            self.click(&format!("//label[normalize-space(translate(., '*', ''))={label}]")).await;
            assert!(field.is_selected().await.unwrap(), "{label} cannot be ticked");
        }
    }

    /// Ticks the box at this place, by the label around it.
    pub async fn tick_at(&self, path: &str) {
        self.until(path, async || self.client.find(Locator::XPath(path)).await.map(Some)).await;
        let boxes = self.client.find_all(Locator::XPath(path)).await.unwrap();
        let [field] = boxes.as_slice() else { panic!("{} of {path}", boxes.len()) };
        if !field.is_selected().await.unwrap() {
            self.click(&format!("{path}/ancestor::label[1] | {path}[not(ancestor::label)]")).await;
            assert!(field.is_selected().await.unwrap(), "{path} cannot be ticked");
        }
    }

    /// Takes a tick away by its label.
    pub async fn untick(&self, label: &str) {
        let field = self.labelled(label).await;
        assert!(field.is_selected().await.unwrap(), "{label} is not ticked");
        let label = quoted(label);
        self.click(&format!("//label[normalize-space(translate(., '*', ''))={label}]")).await;
        assert!(!field.is_selected().await.unwrap(), "{label} stays ticked");
    }
}

pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text in a path, whatever quotation marks it holds.
pub fn quoted(text: &str) -> String {
    let text = squeezed(text);
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    let parts: Vec<String> = text.split('\'').map(|part| format!("'{part}'")).collect();
    format!("concat({})", parts.join(r#", "'", "#))
}
