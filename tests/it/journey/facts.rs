//! What differs between the ERP systems of the journey: what they ask for, what their fields are called, and
//! which of their rows somebody knows in the CRM.

use gleichlauf::crm::RecordKind;
use gleichlauf::crm::fields::List;
use gleichlauf::crm::value::Value;
use gleichlauf::history::Actor;
use gleichlauf::store::{Store, crm, crm_lists};

/// Keys of a customer's fields.
pub struct Customer {
    pub name: &'static str,
    pub phone: &'static str,
    pub email: &'static str,
    pub city: &'static str,
    pub country: &'static str,
    pub rating: &'static str,
    pub since: &'static str,
    pub limit: &'static str,
    pub balance: &'static str,
    /// A list that is asked for at creation, with the default, another item, and that item's texts.
    pub group: &'static str,
    pub group_default: [&'static str; 2],
    pub group_chosen: (&'static str, [&'static str; 2]),
}

pub struct Facts {
    /// The names of inputs with what is typed, without the password.
    pub settings: &'static [(&'static str, &'static str)],
    pub password: &'static str,
    pub second_settings: &'static [(&'static str, &'static str)],
    pub second_password: &'static str,
    /// The drop-down of the ERP's clients, with its second one.
    pub second_client: (&'static str, &'static str),
    pub customer: Customer,
    pub person: [&'static str; 3],
    pub project: [&'static str; 2],
    /// A list field of projects that is mandatory, and the item every new one gets, English and German.
    pub project_status: Option<(&'static str, [&'static str; 2])>,
    /// Each: its name in the CRM, its key in the ERP.
    pub company: (&'static str, &'static str),
    pub contact: (&'static str, &'static str),
    /// What finds the person in the ERP.
    pub contact_search: &'static str,
    pub undertaking: (&'static str, &'static str),
    /// Known to the CRM alone.
    pub newcomer: &'static str,
}

impl Facts {
    pub fn practice() -> Self {
        Self {
            settings: &[("c-User", "sync")],
            password: "practice",
            second_settings: &[("c-User", "sync2")],
            second_password: "practice2",
            second_client: ("c-Client", "Nordlicht Schweiz AG"),
            customer: Customer {
                name: "NAME",
                phone: "PHONE",
                email: "EMAIL",
                city: "STREETCITY",
                country: "COUNTRY",
                rating: "RATING",
                since: "SINCE",
                limit: "CREDITLIMIT",
                balance: "BALANCE",
                group: "CUSTGROUP",
                group_default: ["Industry", "Industrie"],
                group_chosen: ("20", ["Wholesale", "Großhandel"]),
            },
            person: ["FIRSTNAME", "LASTNAME", "EMAIL"],
            project: ["NAME", "BUDGET"],
            project_status: Some(("STATUS", ["Running", "Läuft"])),
            company: ("Brückner Wärmepumpen e. K.", "C10054"),
            contact: ("Jürgen Schäfer", "P20152"),
            contact_search: "Schäfer",
            undertaking: ("Qualità e ambiente", "J1001"),
            newcomer: "King's Cross Haulage Ltd",
        }
    }

    pub fn dot_net() -> Self {
        Self {
            settings: &[("c-Server", "erp.example"), ("c-User", "anna")],
            password: "right",
            second_settings: &[("c-Server", "erp.example"), ("c-User", "anna")],
            second_password: "right",
            second_client: ("c-Company", "Nordwind (Schweiz) AG"),
            customer: Customer {
                name: "Name",
                phone: "Phone",
                email: "Email",
                city: "City",
                country: "Country",
                rating: "Rating",
                since: "Since",
                limit: "CreditLimit",
                balance: "Balance",
                group: "Terms",
                group_default: ["30 days net", "30 Tage netto"],
                group_chosen: ("14", ["14 days net", "14 Tage netto"]),
            },
            person: ["FirstName", "LastName", "Email"],
            project: ["Name", "Budget"],
            project_status: None,
            company: ("Alpen-Käserei AG", "C000007"),
            contact: ("Jörg7 Weiß-7", "P000007"),
            contact_search: "Weiß",
            undertaking: ("Umbau Halle 5", "J000005"),
            newcomer: "Tröger & Töchter GmbH & Co KG",
        }
    }

    /// The demo's CRM knows the practice ERP's firms; those of the .NET connector it has to be told.
    pub async fn add_records(&self, store: &Store) {
        if self.project_status.is_some() {
            return;
        }
        let text = |text: &str| Value::Text(text.to_owned());
        let countries = crm_lists::list(store, List::COUNTRY).await.unwrap();
        let austria = countries.iter().find(|item| item.text.contains("Austria")).unwrap().id;
        let actor = Actor::system();
        let mut tx = store.begin().await.unwrap();
        let company = [
            ("name", text(self.company.0)),
            ("phone", text("+43 1 555 0100")),
            ("email", text("kontakt@alpen-kaeserei.example")),
            ("street_city", text("Wien")),
            ("country", Value::Item(austria)),
            ("employees", Value::Whole(60)),
        ];
        let company = company.into_iter().collect();
        let id = crm::insert(&mut tx, &actor, RecordKind::Company, None, &company).await.unwrap();
        let person = [
            ("first_name", text("Jörg7")),
            ("last_name", text("Weiß-7")),
            ("email", text("joerg@alpen-kaeserei.example")),
        ];
        let person = person.into_iter().collect();
        crm::insert(&mut tx, &actor, RecordKind::Person, Some(id), &person).await.unwrap();
        let project = [("name", text(self.undertaking.0)), ("budget", Value::Decimal(5500.into()))];
        let project = project.into_iter().collect();
        crm::insert(&mut tx, &actor, RecordKind::Project, None, &project).await.unwrap();
        tx.commit().await.unwrap();
    }
}
