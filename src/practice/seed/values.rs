//! A sample's firm, person or project in the ERP's own fields, with what only an ERP knows of it.

use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;

use crate::connector::encoding::{self, Value};
use crate::connector::types::{ActorType, FieldValues};
use crate::sample::{Company, Person, Position, Project, ProjectStatus};

/// Encoded values of a row to be.
#[derive(Default)]
pub(super) struct Values(pub FieldValues);

impl Values {
    pub(super) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_owned(), value.into());
    }

    fn whole(&mut self, key: &str, number: i64) {
        self.set(key, encoding::write(&Value::Integer(number)));
    }

    fn cents(&mut self, key: &str, cents: i64) {
        self.set(key, encoding::write(&Value::Double(Decimal::new(cents, 2))));
    }

    fn tick(&mut self, key: &str, is_ticked: bool) {
        self.set(key, encoding::write(&Value::Checkbox(is_ticked)));
    }

    fn day(&mut self, key: &str, day: Option<Date>) {
        self.time(key, day.map(|day| day.to_datetime(Time::midnight())));
    }

    fn time(&mut self, key: &str, at: Option<DateTime>) {
        self.set(key, encoding::write(&at.map_or(Value::Empty, Value::Datetime)));
    }
}

pub(super) fn firm_values(firm: &Company, kind: ActorType, number: i64) -> Values {
    let mut values = Values::default();
    values.set("NAME", &firm.name);
    values.set("NUMBER1", match_code(&firm.name));
    values.set("DEPARTMENT", &firm.department);
    values.set("STREETAD1", &firm.street.line1);
    values.set("STREETAD2", &firm.street.line2);
    values.set("STREETZIP", &firm.street.zip);
    values.set("STREETCITY", &firm.street.city);
    values.set("COUNTRY", firm.country);
    if let Some(postal) = &firm.postal {
        values.set("POSTALAD1", &postal.line1);
        values.set("POSTALZIP", &postal.zip);
        values.set("POSTALCITY", &postal.city);
    }
    values.set("PHONE", &firm.phone);
    values.set("FAX", &firm.fax);
    values.set("EMAIL", &firm.email);
    values.set("URL", &firm.website);
    values.set("VATNO", &firm.vat_number);
    values.day("SINCE", firm.customer_since.or_else(|| Date::new(2012, 4, 1).ok()));
    trade_values(&mut values, kind, spread(number));
    values
}

/// What only an ERP knows of a firm.
fn trade_values(values: &mut Values, kind: ActorType, chance: i64) {
    values.set("CUSTGROUP", ["10", "20", "30", "30", "40", "50"][at(chance, 6)]);
    values.set("PAYTERMS", ["14", "30", "30", "30S", "60", "0"][at(chance / 7, 6)]);
    values.cents("CREDITLIMIT", (chance % 40) * 250_000);
    values.cents("BALANCE", if chance % 3 == 0 { 0 } else { chance % 2_400_000 });
    values.tick("BLOCKED", chance % 41 == 0);
    values.tick("APPROVED", chance % 17 != 0);
    values.whole("LEADDAYS", 2 + chance % 40);
    if chance % 5 != 0 {
        values.whole("RATING", 1 + chance % 6);
    }
    if kind == ActorType::Customer && chance % 4 != 0 {
        let [month, day, hour] = [1 + chance % 12, 1 + chance % 28, 7 + chance % 11];
        let at = [month, day, hour].map(|part| i8::try_from(part).unwrap_or(1));
        let ordered = DateTime::new(2025, at[0], at[1], at[2], at[1] + 15, 0, 0);
        values.time("LASTORDER", ordered.ok());
    }
    if chance % 11 == 0 {
        values.set(
            "NOTES",
            ["Lieferung nur vormittags.", "Pays late, but pays.", "Ring før levering.\nPort 3."]
                [at(chance, 3)],
        );
    }
}

pub(super) fn person_values(person: &Person, number: i64) -> Values {
    let mut values = Values::default();
    values.set("FIRSTNAME", &person.first_name);
    values.set("MIDDLENAME", &person.middle_name);
    values.set("LASTNAME", &person.last_name);
    values.set("TITLE", &person.title);
    let place = |p: Position| Position::ALL.iter().position(|one| *one == p).unwrap_or(0) + 1;
    values.set("POSITION", person.position.map_or(String::new(), |p| format!("{:02}", place(p))));
    values.set("PHONE_DIRECT", &person.direct_phone);
    values.set("PHONE_MOBILE", &person.mobile_phone);
    values.set("EMAIL", &person.email);
    values.day("BIRTHDATE", person.birthdate);
    values.tick("NEWSLETTER", person.wants_newsletter);
    let chance = spread(number);
    if chance % 3 == 0 {
        let [month, day] = [1 + chance % 12, 1 + chance % 28];
        let at = [month, day].map(|part| i8::try_from(part).unwrap_or(1));
        values.time("LASTVISIT", DateTime::new(2025, at[0], at[1], 14, 30, 0, 0).ok());
    }
    values
}

pub(super) fn project_values(project: &Project, number: i64) -> Values {
    let mut values = Values::default();
    values.set("NAME", &project.name);
    values.set("TEXT", &project.description);
    values.set("URL", &project.website);
    values.day("ENDDATE", project.end_date);
    values.set(
        "STATUS",
        match project.status {
            ProjectStatus::Planned => "P",
            ProjectStatus::Running => "R",
            ProjectStatus::OnHold => "H",
            ProjectStatus::Done => "D",
            ProjectStatus::Cancelled => "X",
        },
    );
    if let Some(euros) = project.budget {
        values.cents("BUDGET", euros * 100);
    }
    let chance = spread(number);
    values.whole("HOURS", chance % 700);
    values.tick("BILLABLE", chance % 4 != 0);
    values
}

/// `Rüegg + Schläpfer` → `RÜEGGSCHLÄ`.
fn match_code(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).take(10).collect()
}

/// Neighbouring numbers far apart, the same for ever.
fn spread(number: i64) -> i64 {
    (number * 7_919_777).rem_euclid(9_999_991)
}

fn at(chance: i64, length: i64) -> usize {
    usize::try_from(chance.rem_euclid(length)).unwrap_or(0)
}
