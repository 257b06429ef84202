//! What the three boxes of a default value come to, as the table beside them says it.

use crate::i18n::Key;

/// One row of the table.
pub struct Row {
    /// Which ticks it holds for: three digits for value, question and mandatory; several sets apart by blanks.
    pub ticks: &'static str,
    pub sets_value: bool,
    pub asks_user: bool,
    /// `None`: either.
    pub is_mandatory: Option<bool>,
    pub effect: Key,
}

pub const ROWS: [Row; 5] = [
    Row {
        ticks: "100 101",
        sets_value: true,
        asks_user: false,
        is_mandatory: None,
        effect: Key::DEFAULTS_EFFECT_SILENT,
    },
    Row {
        ticks: "010",
        sets_value: false,
        asks_user: true,
        is_mandatory: Some(false),
        effect: Key::DEFAULTS_EFFECT_ASKED,
    },
    Row {
        ticks: "011",
        sets_value: false,
        asks_user: true,
        is_mandatory: Some(true),
        effect: Key::DEFAULTS_EFFECT_MUST,
    },
    Row {
        ticks: "110 111",
        sets_value: true,
        asks_user: true,
        is_mandatory: None,
        effect: Key::DEFAULTS_EFFECT_OFFERED,
    },
    Row {
        ticks: "000 001",
        sets_value: false,
        asks_user: false,
        is_mandatory: None,
        effect: Key::DEFAULTS_EFFECT_NONE,
    },
];

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
            let row = ROWS.iter().find(|row| row.ticks.split(' ').any(|own| own == ticks));
            assert_eq!(row.map(|row| row.effect), Some(happens));
        }
    }
}
