//! How many passwords may be tried. Pure: what was tried before comes in, how long to wait goes out.
//!
//! Nobody can be locked out by somebody else alone: a device that signed in before has an allowance of its
//! own, and half of an account's allowance is kept for networks that have not tried it lately.

use std::net::IpAddr;

use crate::clock::{HOUR, MINUTE, Millis};

/// Per network and account, and per device, in a minute.
pub const PER_MINUTE: usize = 10;
/// Per account, and per device, in an hour.
pub const PER_HOUR: usize = 100;
/// Per account in an hour, for a network that tried it already.
pub const PER_HOUR_AGAIN: usize = PER_HOUR / 2;
/// Per network in a minute, over all accounts.
pub const PER_NETWORK: usize = 60;

/// A password that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    pub network: String,
    /// Blank for a device that is not known.
    pub device: String,
    pub at: Millis,
}

/// How long to wait before the next try; `None`: go ahead. `on_account` are the tries on this account,
/// `from_network` the times of those from this network on any account, both oldest first and of an hour at
/// least.
pub fn wait(
    now: Millis,
    network: &str,
    device: Option<&str>,
    on_account: &[Try],
    from_network: &[Millis],
) -> Option<Millis> {
    let when = |fits: &dyn Fn(&Try) -> bool| -> Vec<Millis> {
        on_account.iter().filter(|tried| fits(tried)).map(|tried| tried.at).collect()
    };
    let limits = match device {
        Some(device) => {
            let own = when(&|tried| tried.device == device);
            [pause(now, &own, MINUTE, PER_MINUTE), pause(now, &own, HOUR, PER_HOUR), None]
        }
        None => {
            let own = when(&|tried| tried.device.is_empty() && tried.network == network);
            let all = when(&|tried| tried.device.is_empty());
            let is_again = own.iter().any(|at| *at > now - HOUR);
            let per_hour = if is_again { PER_HOUR_AGAIN } else { PER_HOUR };
            [
                pause(now, &own, MINUTE, PER_MINUTE),
                pause(now, &all, HOUR, per_hour),
                pause(now, from_network, MINUTE, PER_NETWORK),
            ]
        }
    };
    limits.into_iter().flatten().max()
}

/// How long until fewer than `limit` of these times, oldest first, lie within the last `window`.
fn pause(now: Millis, times: &[Millis], window: Millis, limit: usize) -> Option<Millis> {
    let nth = times.len().checked_sub(limit)?;
    let left = times[nth] + window - now;
    (left > 0).then_some(left)
}

/// What counts as one place in the network: an address, or with IPv6 the 64 bits that a household or a
/// machine gets.
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SECOND;

    const NOW: Millis = 1_795_348_800_000;

    fn tries(count: usize, network: &str, device: &str, ago: Millis) -> Vec<Try> {
        let one = Try { network: network.to_owned(), device: device.to_owned(), at: NOW - ago };
        vec![one; count]
    }

    #[test]
    fn ten_in_a_minute_from_one_network() {
        assert_eq!(wait(NOW, "a", None, &tries(9, "a", "", SECOND), &[]), None);
        let ten = tries(10, "a", "", 20 * SECOND);
        assert_eq!(wait(NOW, "a", None, &ten, &[]), Some(40 * SECOND));
        assert_eq!(wait(NOW, "b", None, &ten, &[]), None);
        assert_eq!(wait(NOW, "a", None, &tries(10, "a", "", MINUTE), &[]), None);
    }

    #[test]
    fn half_of_the_hour_is_kept_for_networks_that_did_not_try() {
        let fifty = tries(50, "a", "", 10 * MINUTE);
        assert_eq!(wait(NOW, "a", None, &fifty, &[]), Some(50 * MINUTE));
        assert_eq!(wait(NOW, "b", None, &fifty, &[]), None);
        let hundred: Vec<_> =
            (0..100).flat_map(|n| tries(1, &format!("n{n}"), "", 10 * MINUTE)).collect();
        assert_eq!(wait(NOW, "b", None, &hundred, &[]), Some(50 * MINUTE));
    }

    #[test]
    fn a_known_device_has_an_allowance_of_its_own() {
        let mut all = tries(100, "a", "", MINUTE);
        assert_eq!(wait(NOW, "a", Some("d"), &all, &[NOW; PER_NETWORK]), None);
        all.extend(tries(10, "a", "d", 30 * SECOND));
        assert_eq!(wait(NOW, "a", Some("d"), &all, &[]), Some(30 * SECOND));
        assert_eq!(wait(NOW, "a", Some("e"), &all, &[]), None);
        // Nor does it use up what others have.
        assert_eq!(wait(NOW, "b", None, &tries(100, "a", "d", SECOND), &[]), None);
    }

    #[test]
    fn many_names_from_one_network_are_slowed_down() {
        assert_eq!(wait(NOW, "a", None, &[], &[NOW - SECOND; PER_NETWORK]), Some(59 * SECOND));
        assert_eq!(wait(NOW, "a", None, &[], &[NOW - SECOND; PER_NETWORK - 1]), None);
    }

    #[test]
    fn a_network_is_an_address_or_a_prefix() {
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("unix"), "unix");
    }
}
