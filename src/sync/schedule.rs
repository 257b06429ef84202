//! When the next run is due, and how long to wait after failures. Pure: the clock and chance are handed in.

use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND};
use crate::runs::EngineSettings;

const FIRST_PAUSE: Millis = 5 * SECOND;
const LONGEST_PAUSE: Millis = 10 * MINUTE;

/// When the next run is due, from when the last one began. Runs that were missed are not made up for:
/// after a long sleep one is due, once. A last run in the future means that the clock was set back; then
/// one is due at once, so that no time has to pass a second time.
pub fn next_due(interval: Millis, last_run: Option<Millis>, now: Millis) -> Millis {
    let interval = interval.clamp(EngineSettings::SHORTEST, EngineSettings::LONGEST);
    match last_run {
        Some(last) if last <= now => last.saturating_add(interval).max(now),
        _ => now,
    }
}

pub fn is_due(interval: Millis, last_run: Option<Millis>, now: Millis) -> bool {
    next_due(interval, last_run, now) <= now
}

/// How long to wait after this many failures in a row. The pause doubles from 5 s to 10 min; `jitter`
/// (0 to 1, by chance) places the wait in its second half, so that many do not come back at once.
pub fn pause(failures: i64, jitter: f64) -> Millis {
    let doublings = u32::try_from(failures.clamp(1, 32) - 1).unwrap_or_default();
    let full = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    let half = full / 2;
    half + (half as f64 * jitter.clamp(0.0, 1.0)) as Millis
}

/// The same for what waits for a person to do something: from an hour up to a day.
pub fn long_pause(failures: i64, jitter: f64) -> Millis {
    let doublings = u32::try_from(failures.clamp(1, 6) - 1).unwrap_or_default();
    let full = HOUR.saturating_mul(1 << doublings).min(DAY);
    full + (full as f64 * jitter.clamp(0.0, 1.0) / 10.0) as Millis
}

#[cfg(test)]
mod tests {
    use super::*;
    const QUARTER: Millis = 15 * MINUTE;

    #[test]
    fn the_next_run_is_one_interval_after_the_last() {
        let now = 1_000 * DAY;
        for (interval, last, due) in [
            (QUARTER, None, now),
            (QUARTER, Some(now), now + QUARTER),
            (QUARTER, Some(now - MINUTE), now + 14 * MINUTE),
            (QUARTER, Some(now - QUARTER), now),
            (QUARTER, Some(now - 30 * DAY), now),
            (1, Some(now), now + MINUTE),
            (30 * DAY, Some(now), now + 7 * DAY),
            (QUARTER, Some(now + HOUR), now),
            (QUARTER, Some(Millis::MIN), now),
        ] {
            assert_eq!(next_due(interval, last, now), due, "{interval} {last:?}");
        }
    }

    /// Runs whatever is due each minute of the clock, and counts.
    fn runs(times: impl IntoIterator<Item = Millis>) -> usize {
        let mut last = None;
        let mut runs = 0;
        for now in times {
            while is_due(QUARTER, last, now) {
                last = Some(now);
                runs += 1;
            }
        }
        runs
    }

    #[test]
    fn neither_a_long_sleep_nor_a_changed_clock_brings_a_burst_or_silence() {
        let minutes = |from: Millis, to: Millis| (from..to).map(|minute| minute * MINUTE);
        let hour = 60;
        assert_eq!(runs(minutes(0, 4 * hour)), 16);
        let week = 7 * 24 * hour;
        let asleep = minutes(0, hour).chain(minutes(week, week + hour));
        assert_eq!(runs(asleep), 8, "one for the whole week, then as always");
        let set_back = minutes(week, week + hour).chain(minutes(0, hour));
        assert_eq!(runs(set_back), 8);
    }

    #[test]
    fn what_waits_for_a_person_is_looked_at_from_time_to_time() {
        assert_eq!([1, 2, 5, 6, 99].map(|n| long_pause(n, 0.0) / HOUR), [1, 2, 16, 24, 24]);
        assert_eq!(long_pause(1, 1.0), 66 * MINUTE);
    }

    #[test]
    fn pauses_double_up_to_ten_minutes() {
        let longest = |failures| pause(failures, 1.0);
        assert_eq!([1, 2, 3, 4].map(longest), [5, 10, 20, 40].map(|s| s * SECOND));
        assert_eq!([7, 8, 9, 1_000].map(longest), [320, 600, 600, 600].map(|s| s * SECOND));
        assert_eq!(pause(1, 0.0), 2_500);
        assert_eq!(pause(1, 0.5), 3_750);
        assert_eq!(pause(0, 7.0), 5_000);
        assert_eq!(pause(-3, f64::NAN), 2_500);
    }
}
