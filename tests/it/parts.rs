//! The parts that pages are made of: all of them render, in every language, as HTML that holds together.
//! `GUIDE_OUT=folder cargo test --test it parts` writes the pages there, to look at beside `static`.

use askama::Template;
use gleichlauf::i18n::{Key, Language, Texts};

/// What the frame and the parts ask of a visit.
struct Visit {
    t: Texts,
    language: Language,
    theme: &'static str,
    csrf: String,
    flash: Option<String>,
    person: Option<Person>,
    path_and_query: String,
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
            flash: Some("Gespeichert <gut>".to_owned()),
            person: Some(Person { name: "Ödön Łukasz-Ærøskøbing".to_owned() }),
            path_and_query: "/guide?a=1&b=2".to_owned(),
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
    search: &'static str,
    tab: &'static str,
    to_erp: &'static str,
    to_crm: &'static str,
    crm: &'static str,
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
    let field = |id, name, note, chosen, reason| Mapped {
        id,
        name,
        note,
        search: "search-1",
        tab: "tab-1",
        to_erp: "to-erp-1",
        to_crm: "to-crm-1",
        crm: "crm-1",
        chosen,
        reason,
        in_search: true,
        sends: !chosen_is_blank(chosen),
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

fn chosen_is_blank(chosen: &str) -> bool {
    chosen.is_empty()
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
            std::fs::write(format!("{folder}/guide-{}.html", language.code()), html).unwrap();
        }
    }
}
