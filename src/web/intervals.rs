//! The engine's interval as a person says it: so many minutes, hours or days.

use crate::clock::SECOND;
use crate::i18n::Texts;
use crate::runs::EngineSettings;

/// Units by name, with their seconds; the longest first.
const UNITS: [(&str, i64); 3] = [("days", 86_400), ("hours", 3_600), ("minutes", 60)];

/// A number of units.
pub struct Interval {
    pub count: i64,
    pub unit: &'static str,
}

impl Interval {
    /// In the longest unit that fits without a rest.
    pub fn of(settings: &EngineSettings) -> Self {
        let seconds = settings.interval / SECOND;
        let fitting = UNITS.into_iter().find(|(_, length)| seconds % length == 0);
        let (unit, length) = fitting.unwrap_or(("minutes", 60));
        Self { count: seconds / length, unit }
    }

    /// As a sentence.
    pub fn every(&self, t: Texts) -> String {
        match self.unit {
            "days" => t.engine_every_days(self.count),
            "hours" => t.engine_every_hours(self.count),
            _ => t.engine_every_minutes(self.count),
        }
    }
}

/// What was typed, in seconds; none when it is no interval the engine takes.
pub fn in_seconds(every: &str, unit: &str) -> Option<i64> {
    let (_, length) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    let seconds = every.trim().parse::<i64>().ok()?.checked_mul(length)?;
    let allowed = EngineSettings::SHORTEST / SECOND..=EngineSettings::LONGEST / SECOND;
    allowed.contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_lie_between_a_minute_and_a_week() {
        assert_eq!(in_seconds(" 1 ", "minutes"), Some(60));
        assert_eq!(in_seconds("7", "days"), Some(604_800));
        for (every, unit) in [
            ("0", "minutes"),
            ("8", "days"),
            ("-1", "hours"),
            ("x", "hours"),
            ("", "hours"),
            ("9223372036854775807", "days"),
            ("1", "years"),
        ] {
            assert_eq!(in_seconds(every, unit), None, "{every} {unit}");
        }
    }

    #[test]
    fn an_interval_is_said_in_the_longest_unit_that_fits() {
        for (minutes, count, unit) in
            [(15, 15, "minutes"), (90, 90, "minutes"), (120, 2, "hours"), (10_080, 7, "days")]
        {
            let settings = EngineSettings { is_on: true, interval: minutes * 60 * SECOND };
            let interval = Interval::of(&settings);
            assert_eq!((interval.count, interval.unit), (count, unit));
        }
    }
}
