//! The words of the ERP's own page. A language that lacks one does not compile.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::connector::multilang;
use crate::connector::types::ActorType;
use crate::practice::model::Words;

/// The page's languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    German,
}

impl Language {
    pub const ALL: [Language; 2] = [Self::English, Self::German];

    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The first language of `Accept-Language` that the page speaks, else English.
    pub fn of_browser(request: &HttpRequest) -> Self {
        let wanted = request.headers().get(header::ACCEPT_LANGUAGE);
        let wanted = wanted.and_then(|value| value.to_str().ok()).unwrap_or_default();
        wanted
            .split(',')
            .filter_map(|range| Self::parse(range.trim().get(..2)?.to_lowercase().as_str()))
            .next()
            .unwrap_or(Self::English)
    }

    pub fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }

    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    pub fn word(self, words: &Words) -> &'static str {
        match self {
            Self::English => words.english,
            Self::German => words.german,
        }
    }

    /// Out of a multi-language text.
    pub fn sentence(self, text: &str) -> String {
        multilang::pick(text, self.code()).to_owned()
    }

    /// What a kind of actor is called, many and one.
    pub fn kind(self, kind: ActorType) -> (&'static str, &'static str) {
        let texts = self.texts();
        match kind {
            ActorType::Customer | ActorType::Partner => texts.customers,
            ActorType::Supplier => texts.suppliers,
            ActorType::Person => texts.persons,
            ActorType::Project => texts.projects,
        }
    }
}

/// Every text of the page.
pub struct Texts {
    pub product: &'static str,
    pub about: &'static str,
    pub skip: &'static str,
    pub clients: &'static str,
    pub menu: &'static str,
    pub language: &'static str,
    pub changes: &'static str,
    pub recent_changes: &'static str,
    pub no_changes: &'static str,
    /// Many, and one.
    pub customers: (&'static str, &'static str),
    pub suppliers: (&'static str, &'static str),
    pub persons: (&'static str, &'static str),
    pub projects: (&'static str, &'static str),
    pub search: &'static str,
    pub search_hint: &'static str,
    pub show_all: &'static str,
    pub found_none: &'static str,
    pub of: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub pages: &'static str,
    pub key: &'static str,
    pub name: &'static str,
    pub belongs_to: &'static str,
    pub last_change: &'static str,
    pub change_number: &'static str,
    pub add: &'static str,
    pub add_person: &'static str,
    pub person_needs_firm: &'static str,
    pub new_entry: &'static str,
    pub save: &'static str,
    pub create: &'static str,
    pub cancel: &'static str,
    pub delete: &'static str,
    pub delete_question: &'static str,
    pub delete_surely: &'static str,
    pub saved: &'static str,
    pub created: &'static str,
    pub deleted: &'static str,
    pub not_saved: &'static str,
    pub changed_meanwhile: &'static str,
    pub by_now: &'static str,
    pub nothing_chosen: &'static str,
    pub mandatory: &'static str,
    pub read_only: &'static str,
    pub empty: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub by_connector: &'static str,
    pub by_page: &'static str,
    pub by_books: &'static str,
    pub action_created: &'static str,
    pub action_changed: &'static str,
    pub action_deleted: &'static str,
    pub not_found: &'static str,
    pub not_found_more: &'static str,
    pub not_from_here: &'static str,
    pub not_from_here_more: &'static str,
    pub bad_request: &'static str,
    pub bad_request_more: &'static str,
    pub broken: &'static str,
    pub broken_more: &'static str,
    pub home: &'static str,
}

static ENGLISH: Texts = Texts {
    product: "Practice ERP",
    about: "The other side of the synchronisation. Change something here and watch it arrive in the CRM, or the other way round.",
    skip: "To the content",
    clients: "Clients",
    menu: "Areas",
    language: "Language",
    changes: "Changes",
    recent_changes: "Recent changes",
    no_changes: "Nothing has been changed yet.",
    customers: ("Customers", "Customer"),
    suppliers: ("Suppliers", "Supplier"),
    persons: ("Persons", "Person"),
    projects: ("Projects", "Project"),
    search: "Search",
    search_hint: "Name, number, city, e-mail or phone",
    show_all: "Show all",
    found_none: "Nothing found.",
    of: "of",
    previous: "Back",
    next: "On",
    pages: "Pages",
    key: "Key",
    name: "Name",
    belongs_to: "Belongs to",
    last_change: "Last change",
    change_number: "Change no.",
    add: "Add",
    add_person: "Add a person",
    person_needs_firm: "Persons are added on the page of their customer or supplier.",
    new_entry: "New",
    save: "Save",
    create: "Create",
    cancel: "Cancel",
    delete: "Delete",
    delete_question: "Really delete this entry? It cannot be brought back.",
    delete_surely: "Yes, delete",
    saved: "Saved.",
    created: "Created.",
    deleted: "Deleted.",
    not_saved: "Not saved.",
    changed_meanwhile: "This entry was changed meanwhile. Your entries stand below, the values by now beside them. Save once more to overwrite.",
    by_now: "By now:",
    nothing_chosen: "(nothing chosen)",
    mandatory: "must be filled in",
    read_only: "kept by the ERP",
    empty: "(empty)",
    yes: "yes",
    no: "no",
    by_connector: "Sync connector",
    by_page: "This page",
    by_books: "The books",
    action_created: "created",
    action_changed: "changed",
    action_deleted: "deleted",
    not_found: "Not found",
    not_found_more: "There is nothing at this address, or not any more.",
    not_from_here: "Refused",
    not_from_here_more: "This was not sent from a page of this ERP. Open the page again and repeat it there.",
    bad_request: "Not understood",
    bad_request_more: "What was sent cannot be read.",
    broken: "Something broke",
    broken_more: "The ERP could not do this. The reason stands in its log.",
    home: "To the start",
};

static GERMAN: Texts = Texts {
    product: "Übungs-ERP",
    about: "Die andere Seite der Synchronisierung. Ändern Sie hier etwas und sehen Sie zu, wie es im CRM ankommt, oder umgekehrt.",
    skip: "Zum Inhalt",
    clients: "Mandanten",
    menu: "Bereiche",
    language: "Sprache",
    changes: "Änderungen",
    recent_changes: "Letzte Änderungen",
    no_changes: "Noch wurde nichts geändert.",
    customers: ("Kunden", "Kunde"),
    suppliers: ("Lieferanten", "Lieferant"),
    persons: ("Personen", "Person"),
    projects: ("Projekte", "Projekt"),
    search: "Suchen",
    search_hint: "Name, Nummer, Ort, E-Mail oder Telefon",
    show_all: "Alle zeigen",
    found_none: "Nichts gefunden.",
    of: "von",
    previous: "Zurück",
    next: "Weiter",
    pages: "Seiten",
    key: "Schlüssel",
    name: "Name",
    belongs_to: "Gehört zu",
    last_change: "Letzte Änderung",
    change_number: "Änderung Nr.",
    add: "Hinzufügen",
    add_person: "Person hinzufügen",
    person_needs_firm: "Personen werden auf der Seite ihres Kunden oder Lieferanten hinzugefügt.",
    new_entry: "Neu",
    save: "Speichern",
    create: "Anlegen",
    cancel: "Abbrechen",
    delete: "Löschen",
    delete_question: "Diesen Eintrag wirklich löschen? Er lässt sich nicht zurückholen.",
    delete_surely: "Ja, löschen",
    saved: "Gespeichert.",
    created: "Angelegt.",
    deleted: "Gelöscht.",
    not_saved: "Nicht gespeichert.",
    changed_meanwhile: "Dieser Eintrag wurde inzwischen geändert. Unten stehen Ihre Eingaben, daneben die jetzigen Werte. Erneutes Speichern überschreibt sie.",
    by_now: "Jetzt:",
    nothing_chosen: "(nichts gewählt)",
    mandatory: "muss ausgefüllt sein",
    read_only: "führt das ERP-System",
    empty: "(leer)",
    yes: "ja",
    no: "nein",
    by_connector: "Sync Connector",
    by_page: "Diese Seite",
    by_books: "Die Bücher",
    action_created: "angelegt",
    action_changed: "geändert",
    action_deleted: "gelöscht",
    not_found: "Nicht gefunden",
    not_found_more: "Unter dieser Adresse gibt es nichts oder nichts mehr.",
    not_from_here: "Abgelehnt",
    not_from_here_more: "Das kam nicht von einer Seite dieses ERP-Systems. Bitte die Seite neu öffnen und dort wiederholen.",
    bad_request: "Nicht verstanden",
    bad_request_more: "Was gesendet wurde, ist nicht lesbar.",
    broken: "Etwas ging schief",
    broken_more: "Das ERP-System konnte das nicht tun. Der Grund steht in seinem Protokoll.",
    home: "Zum Anfang",
};
