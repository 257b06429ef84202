//! The fields of each kind of actor. Keys that the portal maps by itself carry the usual names.

use super::{Field, Section, words};
use crate::connector::types::FieldType::{Checkbox, Datetime, Double, Integer};

pub(super) const CUSTOMER: &[&Section] =
    &[&CUSTOMER_MASTER, &STREET, &POSTAL, &CONTACT, &CUSTOMER_TERMS, &NOTES];
pub(super) const SUPPLIER: &[&Section] =
    &[&SUPPLIER_MASTER, &STREET, &POSTAL, &CONTACT, &SUPPLIER_TERMS, &NOTES];
pub(super) const PERSON: &[&Section] = &[&PERSON_MASTER, &PERSON_CONTACT, &PERSON_MORE];
pub(super) const PROJECT: &[&Section] = &[&PROJECT_MASTER, &PROJECT_FIGURES];

const NAME: Field = Field::text("NAME", 80, words("Name", "Name", "Navn")).mandatory();

const NUMBER: Field = Field::text("NUMBER2", 20, words("Number", "Nummer", "Nummer"))
    .read_only()
    .hint(words("Given by the ERP", "Vergibt das ERP-System", "Gis av ERP-systemet"));

const MATCH_CODE: Field = Field::text("NUMBER1", 20, words("Match code", "Suchbegriff", "Søkeord"));

const DEPARTMENT: Field =
    Field::text("DEPARTMENT", 60, words("Department", "Abteilung", "Avdeling"));

const PAYMENT_TERMS: Field = Field::choice(
    "PAYTERMS",
    "PaymentTerms",
    words("Payment terms", "Zahlungsbedingung", "Betalingsbetingelser"),
)
.default("30");

const BALANCE: Field = Field::plain("BALANCE", Double, words("Balance", "Saldo", "Saldo"))
    .read_only()
    .not_searchable()
    .hint(words(
        "Open items, from the books",
        "Offene Posten laut Buchhaltung",
        "Åpne poster fra regnskapet",
    ));

const RATING: Field = Field::plain("RATING", Integer, words("Rating", "Bewertung", "Vurdering"))
    .hint(words("1 is best", "1 ist am besten", "1 er best"));

const BLOCKED: Field =
    Field::plain("BLOCKED", Checkbox, words("Blocked", "Gesperrt", "Sperret")).default("[I:0]");

static CUSTOMER_MASTER: Section = Section {
    title: words("Master data", "Stammdaten", "Grunndata"),
    fields: &[
        NAME,
        NUMBER,
        MATCH_CODE,
        DEPARTMENT,
        Field::choice(
            "CUSTGROUP",
            "CustomerGroup",
            words("Customer group", "Kundengruppe", "Kundegruppe"),
        )
        .mandatory()
        .hint(words(
            "Decides prices and accounts",
            "Bestimmt Preise und Konten",
            "Avgjør priser og kontoer",
        )),
        Field::day("SINCE", words("Customer since", "Kunde seit", "Kunde siden")),
        BLOCKED,
    ],
};

static SUPPLIER_MASTER: Section = Section {
    title: words("Master data", "Stammdaten", "Grunndata"),
    fields: &[
        NAME,
        NUMBER,
        MATCH_CODE,
        DEPARTMENT,
        Field::day("SINCE", words("Supplier since", "Lieferant seit", "Leverandør siden")),
        Field::plain("APPROVED", Checkbox, words("Approved", "Freigegeben", "Godkjent"))
            .default("[I:1]"),
        BLOCKED,
    ],
};

static STREET: Section = Section {
    title: words("Street address", "Straßenadresse", "Gateadresse"),
    fields: &[
        Field::text("STREETAD1", 80, words("Street", "Straße", "Gate")),
        Field::text("STREETAD2", 80, words("Street, line 2", "Straße, Zeile 2", "Gate, linje 2")),
        Field::text("STREETZIP", 12, words("Zip code", "PLZ", "Postnummer")),
        Field::text("STREETCITY", 60, words("City", "Ort", "Sted")),
        Field::choice("COUNTRY", "Country", words("Country", "Land", "Land")),
    ],
};

static POSTAL: Section = Section {
    title: words("Postal address", "Postadresse", "Postadresse"),
    fields: &[
        Field::text("POSTALAD1", 80, words("Postal address", "Postadresse", "Postadresse")),
        Field::text(
            "POSTALAD2",
            80,
            words("Postal address, line 2", "Postadresse, Zeile 2", "Postadresse, linje 2"),
        ),
        Field::text("POSTALZIP", 12, words("Postal zip code", "Post-PLZ", "Postboksnummer")),
        Field::text("POSTALCITY", 60, words("Postal city", "Post-Ort", "Poststed")),
    ],
};

static CONTACT: Section = Section {
    title: words("Contact", "Kontakt", "Kontakt"),
    fields: &[
        Field::text("PHONE", 30, words("Phone", "Telefon", "Telefon")),
        Field::text("FAX", 30, words("Fax", "Fax", "Faks")),
        Field::text("EMAIL", 120, words("E-mail", "E-Mail", "E-post")),
        Field::text("URL", 120, words("Web site", "Webseite", "Nettsted")),
        Field::text("VATNO", 25, words("VAT number", "USt-IdNr.", "Org.nr. (mva)")),
    ],
};

static CUSTOMER_TERMS: Section = Section {
    title: words("Terms and figures", "Konditionen und Zahlen", "Betingelser og tall"),
    fields: &[
        PAYMENT_TERMS,
        Field::plain("CREDITLIMIT", Double, words("Credit limit", "Kreditlimit", "Kredittgrense")),
        BALANCE,
        RATING,
        Field::plain(
            "LASTORDER",
            Datetime,
            words("Last order", "Letzte Bestellung", "Siste ordre"),
        )
        .read_only(),
    ],
};

static SUPPLIER_TERMS: Section = Section {
    title: words("Terms and figures", "Konditionen und Zahlen", "Betingelser og tall"),
    fields: &[
        PAYMENT_TERMS,
        Field::plain(
            "LEADDAYS",
            Integer,
            words("Lead time in days", "Lieferzeit in Tagen", "Leveringstid i dager"),
        ),
        BALANCE,
        RATING,
    ],
};

static NOTES: Section = Section {
    title: words("Notes", "Notizen", "Notater"),
    fields: &[Field::text("NOTES", 2000, words("Notes", "Notizen", "Notater"))],
};

static PERSON_MASTER: Section = Section {
    title: words("Person", "Person", "Person"),
    fields: &[
        Field::text("FIRSTNAME", 50, words("First name", "Vorname", "Fornavn")),
        Field::text("MIDDLENAME", 50, words("Middle name", "Zweiter Vorname", "Mellomnavn")),
        Field::text("LASTNAME", 50, words("Last name", "Nachname", "Etternavn")).mandatory(),
        Field::text("NUMBER", 20, words("Number", "Nummer", "Nummer")).read_only(),
        Field::text("TITLE", 60, words("Title", "Titel", "Tittel")),
        Field::choice("POSITION", "Position", words("Position", "Position", "Stilling")),
    ],
};

static PERSON_CONTACT: Section = Section {
    title: words("Contact", "Kontakt", "Kontakt"),
    fields: &[
        Field::text("PHONE_DIRECT", 30, words("Direct phone", "Durchwahl", "Direkte telefon")),
        Field::text("PHONE_MOBILE", 30, words("Mobile phone", "Mobiltelefon", "Mobil")),
        Field::text("PHONE_PRIVATE", 30, words("Private phone", "Telefon privat", "Privat")),
        Field::text("EMAIL", 120, words("E-mail", "E-Mail", "E-post")),
    ],
};

static PERSON_MORE: Section = Section {
    title: words("More", "Weiteres", "Mer"),
    fields: &[
        Field::day("BIRTHDATE", words("Birthdate", "Geburtsdatum", "Fødselsdato")),
        Field::plain("LASTVISIT", Datetime, words("Last visit", "Letzter Besuch", "Siste besøk")),
        Field::plain("NEWSLETTER", Checkbox, words("Newsletter", "Newsletter", "Nyhetsbrev"))
            .default("[I:0]"),
    ],
};

static PROJECT_MASTER: Section = Section {
    title: words("Project", "Projekt", "Prosjekt"),
    fields: &[
        Field::text("NAME", 120, words("Project name", "Projektname", "Prosjektnavn")).mandatory(),
        Field::text("NUMBER", 20, words("Number", "Nummer", "Nummer")).read_only(),
        Field::choice("STATUS", "ProjectStatus", words("Status", "Status", "Status"))
            .mandatory()
            .default("P"),
        Field::day("ENDDATE", words("End date", "Enddatum", "Sluttdato")),
        Field::text("URL", 120, words("Web site", "Webseite", "Nettsted")),
        Field::text("TEXT", 1000, words("Description", "Beschreibung", "Beskrivelse")),
    ],
};

static PROJECT_FIGURES: Section = Section {
    title: words("Figures", "Zahlen", "Tall"),
    fields: &[
        Field::plain("BUDGET", Double, words("Budget", "Budget", "Budsjett")),
        Field::plain("HOURS", Integer, words("Hours booked", "Gebuchte Stunden", "Førte timer"))
            .read_only(),
        Field::plain("BILLABLE", Checkbox, words("Billable", "Abrechenbar", "Fakturerbar"))
            .default("[I:1]"),
    ],
};
