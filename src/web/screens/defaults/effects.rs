//! What the three boxes of a default value come to, as the table beside them says it.

use crate::i18n::Key;

/// One row of the table.
pub struct Row {
    pub sets_value: bool,
    pub asks_user: bool,
    /// `None`: either.
    pub is_mandatory: Option<bool>,
    pub effect: Key,
}

const fn row(sets_value: bool, asks_user: bool, is_mandatory: Option<bool>, effect: Key) -> Row {
    Row { sets_value, asks_user, is_mandatory, effect }
}

pub const ROWS: [Row; 5] = [
    row(true, false, None, Key::DEFAULTS_EFFECT_SILENT),
    row(false, true, Some(false), Key::DEFAULTS_EFFECT_ASKED),
    row(false, true, Some(true), Key::DEFAULTS_EFFECT_MUST),
    row(true, true, None, Key::DEFAULTS_EFFECT_OFFERED),
    row(false, false, None, Key::DEFAULTS_EFFECT_NONE),
];

impl Row {
    /// Which ticks it holds for, as the script looks it up: three digits for value, question and mandatory;
    /// several sets apart by blanks.
    pub fn ticks(&self) -> String {
        let digits = |is_mandatory: bool| {
            [self.sets_value, self.asks_user, is_mandatory].map(|is| if is { '1' } else { '0' })
        };
        let sets = match self.is_mandatory {
            Some(is_mandatory) => vec![digits(is_mandatory)],
            None => vec![digits(false), digits(true)],
        };
        sets.iter().map(String::from_iter).collect::<Vec<_>>().join(" ")
    }
}

/// What these ticks come to.
pub fn effect(sets_value: bool, asks_user: bool, is_mandatory: bool) -> Key {
    let holds = |row: &&Row| {
        (row.sets_value, row.asks_user) == (sets_value, asks_user)
            && row.is_mandatory.is_none_or(|must| must == is_mandatory)
    };
    ROWS.iter().find(holds).map_or(Key::DEFAULTS_EFFECT_NONE, |row| row.effect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::DefaultRule;
    use crate::mapping::defaults::Effect;

    #[test]
    fn the_table_says_what_happens() {
        for ticks in 0..8 {
            let [set, asks_user, is_mandatory] = [4, 2, 1].map(|bit| ticks & bit > 0);
            let value = set.then(|| "x".to_owned());
            let rule = DefaultRule { value, asks_user, is_mandatory, ..DefaultRule::default() };
            let happens = match rule.effect() {
                Some(Effect::Silent(_)) => Key::DEFAULTS_EFFECT_SILENT,
                Some(Effect::Asked { prefilled: "", is_mandatory: false }) => {
                    Key::DEFAULTS_EFFECT_ASKED
                }
                Some(Effect::Asked { prefilled: "", .. }) => Key::DEFAULTS_EFFECT_MUST,
                Some(Effect::Asked { .. }) => Key::DEFAULTS_EFFECT_OFFERED,
                None => Key::DEFAULTS_EFFECT_NONE,
            };
            assert_eq!(effect(set, asks_user, is_mandatory), happens, "{rule:?}");
            // The script finds the same row by its ticks.
            let ticks = format!("{ticks:03b}");
            let row = ROWS.iter().find(|row| row.ticks().split(' ').any(|own| own == ticks));
            assert_eq!(row.map(|row| row.effect), Some(happens));
        }
    }
}
