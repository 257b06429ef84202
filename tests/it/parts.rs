//! The parts that pages are made of: all of them render, in every language, as HTML that holds together.
//! `GUIDE_OUT=folder cargo test --test it parts` writes the pages there, to look at beside `static`.

use std::collections::BTreeSet;

use askama::Template;
use gleichlauf::i18n::{Key, Language, Texts};
use gleichlauf::web::session::Flash;

/// What the frame and the parts ask of a visit.
struct Visit {
    t: Texts,
    language: Language,
    theme: &'static str,
    csrf: String,
    flash: Option<Flash>,
    person: Option<Person>,
    place: String,
    crm_name: String,
    assets: &'static str,
}

struct Person {
    name: String,
}

struct Entry {
    href: &'static str,
    caption: Key,
    icon: &'static str,
    is_current: bool,
}

impl Visit {
    fn new(language: Language) -> Self {
        Self {
            t: Texts::new(language),
            language,
            theme: "auto",
            csrf: "token".to_owned(),
            flash: Some(Flash {
                text: "Gespeichert <gut>".to_owned(),
                is_warning: false,
                undo: "/connections/7/versions/3/undo".to_owned(),
            }),
            person: Some(Person { name: "Ödön Łukasz-Ærøskøbing".to_owned() }),
            place: "/guide?a=1&b=2".to_owned(),
            crm_name: "CRM".to_owned(),
            assets: "static",
        }
    }

    fn once(&self) -> String {
        "once".to_owned()
    }

    fn role_text(&self) -> &'static str {
        self.t.layout_account()
    }

    fn plain(&self, key: &Key) -> &'static str {
        self.t.plain(*key)
    }

    fn menu(&self) -> Vec<Entry> {
        let entry = |caption, icon, is_current| Entry { href: "#", caption, icon, is_current };
        vec![
            entry(Key::NAME, "company", false),
            entry(Key::DESCRIPTION, "persons", false),
            entry(Key::SEARCH, "project", false),
            entry(Key::LAYOUT_THEME, "sync", true),
            entry(Key::LAYOUT_HELP, "history", false),
            entry(Key::LAYOUT_ACCOUNT, "licence", false),
        ]
    }

    fn settings_menu(&self) -> Vec<Entry> {
        self.menu()
    }

    fn is_in_settings(&self) -> bool {
        true
    }
}

struct Row {
    name: &'static str,
    connector: &'static str,
    state: &'static str,
    kind: &'static str,
    is_active: bool,
    changes: i64,
}

struct Mapped {
    id: &'static str,
    name: &'static str,
    note: &'static str,
    search: String,
    tab: String,
    to_erp: String,
    to_crm: String,
    crm: String,
    chosen: &'static str,
    reason: &'static str,
    in_search: bool,
    sends: bool,
    takes: bool,
    is_mandatory: bool,
}

#[derive(Template)]
#[template(path = "parts/guide.html")]
struct GuidePage {
    visit: Visit,
    scripts: Vec<String>,
    wrong: Vec<(String, String)>,
    rows: Vec<Row>,
    mapped: Vec<Mapped>,
}

/// The frame of sign-in and errors.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "layout/bare.html" %}
{% import "parts/button.html" as button %}
{% import "parts/field.html" as field %}
{% block title %}Bare{% endblock title %}
{% block content %}<h1>Anmelden</h1><form class="form"><div class="fields">
{{ field::text("login", "Benutzername", "", required = true, autocomplete = "username") }}
{{ field::password("password", "Kennwort", required = true, autocomplete = "current-password") }}</div>
{% call button::row() %}{{ button::submit("Anmelden") }}{% endcall %}</form>{% endblock content %}
{% block below %}<p class="below"><a href="/code">Einmalcode</a></p>{% endblock below %}"#
)]
struct BarePage {
    visit: Visit,
}

fn guide(language: Language) -> GuidePage {
    let row = |name, connector, state, kind, is_active, changes| Row {
        name,
        connector,
        state,
        kind,
        is_active,
        changes,
    };
    GuidePage {
        visit: Visit::new(language),
        scripts: script_names(),
        wrong: vec![
            ("user".to_owned(), "Benutzer: Bitte ausfüllen.".to_owned()),
            (String::new(), "Der Test ist nicht bestanden.".to_owned()),
        ],
        rows: vec![
            row("Übungs-ERP Köln", "Übungs-ERP", "Alle", "info", true, 1204),
            row("Nordlicht Wärmepumpen", "SOAP, eigener Dienst", "Fehler", "bad", false, 0),
            row("Łódź, zweiter Mandant", "Übungs-ERP", "Bestimmte", "off", true, 37),
        ],
        mapped: mapped(),
    }
}

fn mapped() -> Vec<Mapped> {
    let field = |id: &'static str, name, note, chosen: &'static str, reason| Mapped {
        id,
        name,
        note,
        search: format!("{id}-search"),
        tab: format!("{id}-tab"),
        to_erp: format!("{id}-to-erp"),
        to_crm: format!("{id}-to-crm"),
        crm: format!("{id}-crm"),
        chosen,
        reason,
        in_search: true,
        sends: !chosen.is_empty(),
        takes: chosen == "name",
        is_mandatory: chosen == "name",
    };
    vec![
        field("erp-name", "Name", "Firmenname, wie er auf Belegen steht", "name", ""),
        field("erp-phone", "Telefon", "", "phone", ""),
        field("erp-code", "Kurzzeichen", "", "code", ""),
        field("erp-balance", "Saldo", "Offene Posten", "", "Nur lesbar"),
        field("erp-url", "Webseite", "", "", ""),
    ]
}

fn script_names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir("static/js")
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_part_renders_in_every_language() {
    for language in Language::ALL {
        let html = guide(language).render().unwrap();
        assert!(html.contains(&format!("<html lang=\"{}\"", language.code())));
        if let Ok(folder) = std::env::var("GUIDE_OUT") {
            let bare = BarePage { visit: Visit::new(language) }.render().unwrap();
            std::fs::write(format!("{folder}/guide-{}.html", language.code()), html).unwrap();
            std::fs::write(format!("{folder}/bare-{}.html", language.code()), bare).unwrap();
        }
    }
}

#[test]
fn parts_point_at_what_is_there() {
    let html = guide(Language::En).render().unwrap();
    let ids: Vec<&str> = values_of(&html, " id").collect();
    let once: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), once.len(), "an id stands twice");
    for attribute in [" for", " aria-labelledby", " aria-describedby", " data-filter"] {
        for id in values_of(&html, attribute).flat_map(str::split_whitespace) {
            assert!(once.contains(id), "{attribute} names {id}, which is not there");
        }
    }
    for target in values_of(&html, " href").filter_map(|href| href.strip_prefix('#')) {
        assert!(target.is_empty() || once.contains(target), "a link leads to {target}");
    }
}

#[test]
fn every_changing_form_carries_the_token() {
    let html = guide(Language::En).render().unwrap();
    for form in html.split("<form ").skip(1).filter(|form| form.starts_with("method=\"post\"")) {
        let form = &form[..form.find("</form>").unwrap()];
        assert!(form.contains("name=\"csrf\" value=\"token\""), "{form}");
    }
}

#[test]
fn nothing_is_inline_and_all_text_is_escaped() {
    let html = guide(Language::En).render().unwrap();
    for forbidden in [" style=", "<style", "javascript:", " onclick=", " onchange=", "<gut>"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert!(html.split("<script").skip(1).all(|rest| rest.starts_with(" type=\"module\" src=")));
}

/// A first visit to a list loads less than 60 KiB, before anything is packed. A page's own styles and scripts
/// come only with that page.
#[test]
fn what_every_page_loads_stays_small() {
    let frame = std::fs::read_to_string("templates/layout/base.html").unwrap();
    let named = frame.split("{{ visit.assets }}/").skip(1);
    let files = named.map(|rest| rest.split('"').next().unwrap());
    let size: u64 =
        files.map(|file| std::fs::metadata(format!("static/{file}")).unwrap().len()).sum();
    assert!(size > 10 * 1024, "they were not found");
    assert!(size < 48 * 1024, "{size} bytes");
}

#[test]
fn every_style_is_of_use_somewhere() {
    let pages = texts_under("templates") + &texts_under("static/js") + &texts_under("src/web");
    let words: BTreeSet<&str> =
        pages.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).collect();
    let unused: Vec<String> = classes(&texts_under("static/css"))
        .filter(|class| !words.contains(class.as_str()))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// All files of a folder and those in it, as one text.
fn texts_under(folder: &str) -> String {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| match path.is_dir() {
            true => texts_under(path.to_str().unwrap()),
            false => std::fs::read_to_string(path).unwrap(),
        })
        .collect()
}

/// The classes that style sheets name, outside of comments and quoted addresses.
fn classes(css: &str) -> impl Iterator<Item = String> {
    let css: String = css
        .split("/*")
        .map(|part| part.split_once("*/").map_or(part, |(_, after)| after))
        .flat_map(|part| part.split('"').step_by(2))
        .collect();
    let names: Vec<String> = css
        .split('.')
        .skip(1)
        .filter(|rest| rest.starts_with(char::is_alphabetic))
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect())
        .collect();
    names.into_iter()
}

/// What stands in an attribute, everywhere on a page.
fn values_of<'a>(html: &'a str, attribute: &'a str) -> impl Iterator<Item = &'a str> {
    html.match_indices(attribute).filter_map(move |(at, _)| {
        html[at + attribute.len()..].strip_prefix("=\"")?.split('"').next()
    })
}
