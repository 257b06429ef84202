//! The ERP's lists. Their keys are its own, so that they have to be mapped.

use super::{Item, List, Words, words};

pub(super) const ALL: &[List] = &[
    List { name: "CustomerGroup", items: CUSTOMER_GROUPS },
    List { name: "PaymentTerms", items: PAYMENT_TERMS },
    List { name: "Country", items: COUNTRIES },
    List { name: "Position", items: POSITIONS },
    List { name: "ProjectStatus", items: PROJECT_STATES },
    List { name: "Client", items: CLIENTS },
];

const CUSTOMER_GROUPS: &[Item] = &[
    item("10", words("Retail trade", "Einzelhandel", "Detaljhandel")),
    item("20", words("Wholesale", "Großhandel", "Engros")),
    item("30", words("Industry", "Industrie", "Industri")),
    item("40", words("Trades and crafts", "Handwerk", "Håndverk")),
    item("50", words("Public bodies", "Öffentliche Hand", "Offentlig")),
];

const PAYMENT_TERMS: &[Item] = &[
    item("0", words("Due at once", "Sofort fällig", "Forfaller straks")),
    item("14", words("14 days net", "14 Tage netto", "14 dager netto")),
    item("30", words("30 days net", "30 Tage netto", "30 dager netto")),
    item(
        "30S",
        words("30 days, 2 % off in 10", "30 Tage, 10 Tage 2 % Skonto", "30 dager, 2 % på 10 dager"),
    ),
    item("60", words("60 days net", "60 Tage netto", "60 dager netto")),
];

const COUNTRIES: &[Item] = &[
    item("AT", words("Austria", "Österreich", "Østerrike")),
    item("BE", words("Belgium", "Belgien", "Belgia")),
    item("CH", words("Switzerland", "Schweiz", "Sveits")),
    item("DE", words("Germany", "Deutschland", "Tyskland")),
    item("DK", words("Denmark", "Dänemark", "Danmark")),
    item("ES", words("Spain", "Spanien", "Spania")),
    item("FI", words("Finland", "Finnland", "Finland")),
    item("FR", words("France", "Frankreich", "Frankrike")),
    item("GB", words("United Kingdom", "Vereinigtes Königreich", "Storbritannia")),
    item("IT", words("Italy", "Italien", "Italia")),
    item("LU", words("Luxembourg", "Luxemburg", "Luxembourg")),
    item("NL", words("Netherlands", "Niederlande", "Nederland")),
    item("NO", words("Norway", "Norwegen", "Norge")),
    item("PL", words("Poland", "Polen", "Polen")),
    item("SE", words("Sweden", "Schweden", "Sverige")),
];

const POSITIONS: &[Item] = &[
    item("01", words("Management", "Geschäftsleitung", "Ledelse")),
    item("02", words("Sales", "Vertrieb", "Salg")),
    item("03", words("Purchasing", "Einkauf", "Innkjøp")),
    item("04", words("Finance", "Finanzen", "Økonomi")),
    item("05", words("Engineering", "Technik", "Teknikk")),
    item("06", words("IT", "IT", "IT")),
    item("07", words("Logistics", "Logistik", "Logistikk")),
    item("08", words("Marketing", "Marketing", "Markedsføring")),
    item("09", words("Office", "Büro", "Kontor")),
];

const PROJECT_STATES: &[Item] = &[
    item("P", words("Planned", "Geplant", "Planlagt")),
    item("R", words("Running", "Läuft", "Pågår")),
    item("H", words("On hold", "Ruht", "På vent")),
    item("D", words("Done", "Abgeschlossen", "Ferdig")),
    item("X", words("Cancelled", "Abgebrochen", "Avbrutt")),
];

const CLIENTS: &[Item] =
    &[item("01", same("Nordlicht Handels GmbH")), item("02", same("Nordlicht Schweiz AG"))];

const fn item(key: &'static str, text: Words) -> Item {
    Item { key, text }
}

/// A name is the same in every language.
const fn same(name: &'static str) -> Words {
    words(name, name, name)
}
