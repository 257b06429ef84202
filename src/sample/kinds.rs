//! The sample's own lists, each item with its words in English and German.

/// A text in two languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bilingual {
    pub english: &'static str,
    pub german: &'static str,
}

/// A closed list: its items in order, their keys and their words.
macro_rules! list {
    ($(#[$doc:meta])* $name:ident { $($item:ident $key:literal $english:literal $german:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($item),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$(Self::$item),+];

            /// The stable name of the item.
            pub fn key(self) -> &'static str {
                match self { $(Self::$item => $key),+ }
            }

            pub fn text(self) -> Bilingual {
                match self {
                    $(Self::$item => Bilingual { english: $english, german: $german }),+
                }
            }
        }
    };
}

list!(
    /// What a firm is to us.
    Category {
        Customer "customer" "Customer" "Kunde",
        Prospect "prospect" "Prospect" "Interessent",
        Supplier "supplier" "Supplier" "Lieferant",
        Partner "partner" "Partner" "Partner",
        Former "former" "Former customer" "Ehemaliger Kunde",
    }
);

list!(
    /// What a firm does.
    Business {
        Building "building" "Building trade" "Baugewerbe",
        Machinery "machinery" "Machinery and metal" "Maschinen und Metall",
        Food "food" "Food and drink" "Lebensmittel",
        Retail "retail" "Retail" "Einzelhandel",
        Software "software" "Software and IT" "Software und IT",
        Transport "transport" "Transport and storage" "Transport und Lager",
        Health "health" "Health" "Gesundheit",
        Consulting "consulting" "Consulting" "Beratung",
        Energy "energy" "Energy" "Energie",
        Textiles "textiles" "Textiles" "Textilien",
        Hospitality "hospitality" "Hotels and restaurants" "Gastgewerbe",
        Print "print" "Printing" "Druck",
    }
);

list!(
    /// A person's place in the firm.
    Position {
        Management "management" "Management" "Geschäftsleitung",
        Sales "sales" "Sales" "Vertrieb",
        Purchasing "purchasing" "Purchasing" "Einkauf",
        Finance "finance" "Finance" "Finanzen",
        Engineering "engineering" "Engineering" "Technik",
        Computing "computing" "IT" "IT",
        Logistics "logistics" "Logistics" "Logistik",
        Marketing "marketing" "Marketing" "Marketing",
        Office "office" "Office" "Büro",
    }
);

list!(
    /// How far a project is.
    ProjectStatus {
        Planned "planned" "Planned" "Geplant",
        Running "running" "Running" "Läuft",
        OnHold "on-hold" "On hold" "Ruht",
        Done "done" "Done" "Abgeschlossen",
        Cancelled "cancelled" "Cancelled" "Abgebrochen",
    }
);
