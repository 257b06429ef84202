//! Which addresses this portal may call.
//!
//! ERPs live on private addresses, so "global only" cannot be the rule; but an address that anybody may
//! type must not reach what the portal's own machine or network keeps to itself. Global addresses over
//! https on port 443 may be called. Private networks, plain http and other ports only when the host or
//! its network is listed in the configuration file, with the port. Loopback, link-local, unspecified and
//! multicast addresses and the portal's own listener only when exactly that address and port is listed.
//!
//! What counts is the address that the socket connects to: see [`super::soap::http`].

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::str::FromStr;

use ipnet::IpNet;
use url::{Host, Url};

use super::failure::{BadAddress, Failure};

const MAX_ADDRESS: usize = 2_000;

/// What the configuration file says about outgoing calls.
#[derive(Clone, Debug, Default)]
pub struct AddressPolicy {
    pub listed: Vec<Listed>,
    /// Only what is listed may be called.
    pub strict: bool,
    /// Where the portal itself listens.
    pub own_listeners: Vec<SocketAddr>,
}

/// One line of the file: `127.0.0.1:18100`, `10.0.0.0/8:8080`, `[fd00::]/8:443`, `erp.example.org:8443`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    host: ListedHost,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ListedHost {
    Name(String),
    Address(IpAddr),
    Network(IpNet),
}

/// The line is no host, address or network with a port.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not HOST:PORT, ADDRESS:PORT or NETWORK/LENGTH:PORT")]
pub struct NotListable(String);

impl FromStr for Listed {
    type Err = NotListable;

    fn from_str(text: &str) -> Result<Self, NotListable> {
        let bad = || NotListable(text.to_owned());
        let (host, port) = text.trim().rsplit_once(':').ok_or_else(bad)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(bad)?;
        let is_bare_v6 = host.contains(':') && !host.starts_with('[');
        let plain = host.replace(['[', ']'], "");
        let host = match (plain.parse::<IpAddr>(), plain.parse::<IpNet>(), Host::parse(host)) {
            _ if is_bare_v6 => return Err(bad()),
            (Ok(address), ..) => ListedHost::Address(address.to_canonical()),
            (_, Ok(network), _) => ListedHost::Network(network.trunc()),
            (.., Ok(Host::Domain(name))) => ListedHost::Name(without_dot(&name).to_owned()),
            _ => return Err(bad()),
        };
        Ok(Self { host, port })
    }
}

/// The address may not be called; `line` in the configuration file would allow it.
#[derive(Debug, thiserror::Error)]
#[error("the address is not allowed")]
pub struct NotAllowed {
    pub line: String,
}

/// A connector's address, well-formed and taken apart.
#[derive(Clone, Debug)]
pub struct Target {
    pub url: Url,
    host: Host<String>,
    port: u16,
}

impl Target {
    /// Takes an `https://` or `http://` address apart, and refuses what could be read in two ways.
    pub fn parse(address: &str) -> Result<Self, Failure> {
        let unusable = |reason| Failure::AddressNotUsable { reason };
        let malformed = || unusable(BadAddress::Malformed);
        let (scheme, rest) = address.split_once("://").ok_or_else(malformed)?;
        match scheme.to_ascii_lowercase().as_str() {
            "https" | "http" => {}
            "app" => return Err(unusable(BadAddress::NeedsVendorService)),
            _ => return Err(unusable(BadAddress::UnknownScheme)),
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '#');
        if address.len() > MAX_ADDRESS || address.contains(is_odd) || authority.contains(['@', '%'])
        {
            return Err(malformed());
        }
        let url = Url::parse(address).map_err(|_| malformed())?;
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or_else(malformed)?;
        let host = match url.host().ok_or_else(malformed)? {
            Host::Domain(name) => Host::Domain(without_dot(name).to_owned()),
            Host::Ipv4(address) => Host::Ipv4(address),
            Host::Ipv6(address) => match address.to_canonical() {
                IpAddr::V4(address) => Host::Ipv4(address),
                IpAddr::V6(address) => Host::Ipv6(address),
            },
        };
        Ok(Self { url, host, port })
    }

    fn is_https_443(&self) -> bool {
        self.url.scheme() == "https" && self.port == 443
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl AddressPolicy {
    /// Whether the address may be called, as far as that can be told without asking for a name's
    /// addresses; [`AddressPolicy::check_resolved`] tells the rest.
    pub fn check(&self, target: &Target) -> Result<(), Failure> {
        let is_allowed = match &target.host {
            Host::Ipv4(address) => self.allows(target, IpAddr::V4(*address)),
            Host::Ipv6(address) => self.allows(target, IpAddr::V6(*address)),
            Host::Domain(_) => {
                let may_resolve_to_listed =
                    |l: &Listed| l.port == target.port && !matches!(l.host, ListedHost::Name(_));
                (target.is_https_443() && !self.strict)
                    || self.lists_name(target)
                    || self.listed.iter().any(may_resolve_to_listed)
            }
        };
        if is_allowed { Ok(()) } else { Err(refusal(target, target.to_string())) }
    }

    /// Whether the socket may connect to this address, which the target's name resolved to.
    pub fn check_resolved(&self, target: &Target, address: IpAddr) -> Result<(), NotAllowed> {
        if self.allows(target, address) {
            return Ok(());
        }
        let needs_exact = self.is_close(address.to_canonical(), target.port);
        let line = if needs_exact {
            SocketAddr::new(address.to_canonical(), target.port).to_string()
        } else {
            target.to_string()
        };
        Err(NotAllowed { line })
    }

    fn allows(&self, target: &Target, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if self.lists_address(address, target.port) {
            return true;
        }
        if self.is_close(address, target.port) {
            let names_this_machine =
                matches!(&target.host, Host::Domain(name) if name == "localhost");
            return names_this_machine && address.is_loopback() && self.lists_name(target);
        }
        (reach(address) == Reach::Global && target.is_https_443() && !self.strict)
            || self.lists_network(address, target.port)
            || self.lists_name(target)
    }

    /// What only an exact line opens.
    fn is_close(&self, address: IpAddr, port: u16) -> bool {
        reach(address) == Reach::Close
            || self.own_listeners.iter().any(|own| {
                own.port() == port
                    && (own.ip().to_canonical() == address
                        || (own.ip().is_unspecified() && is_of_this_machine(address)))
            })
    }

    fn lists_address(&self, address: IpAddr, port: u16) -> bool {
        self.lists(port, |host| matches!(host, ListedHost::Address(listed) if *listed == address))
    }

    fn lists_network(&self, address: IpAddr, port: u16) -> bool {
        self.lists(port, |host| matches!(host, ListedHost::Network(net) if net.contains(&address)))
    }

    fn lists_name(&self, target: &Target) -> bool {
        let Host::Domain(name) = &target.host else { return false };
        self.lists(target.port, |host| matches!(host, ListedHost::Name(listed) if listed == name))
    }

    fn lists(&self, port: u16, is_it: impl Fn(&ListedHost) -> bool) -> bool {
        self.listed.iter().any(|listed| listed.port == port && is_it(&listed.host))
    }
}

/// The failure that names the line to add.
pub fn refusal(target: &Target, line: String) -> Failure {
    Failure::AddressNotAllowed { address: target.to_string(), line }
}

fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// How far away an address is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Global,
    Private,
    /// This machine, this link, many machines at once, or nowhere.
    Close,
}

fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [0 | 127 | 224..=255, ..] | [169, 254, ..] | [192, 0, 0, _] | [192, 88, 99, _] => {
            Reach::Close
        }
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Reach::Private,
        // For documentation and measuring.
        [192, 0, 2, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Reach::Private
        }
        _ => Reach::Global,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    let s = address.segments();
    let embedded = |high: u16, low: u16| {
        let v4 = Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
        // A tunnel to a global address is as good as the address; to any other it is a trick.
        if reach_v4(v4) == Reach::Global { Reach::Global } else { Reach::Close }
    };
    match s {
        // 6to4, and the well-known prefix of NAT64.
        [0x2002, high, low, ..] => embedded(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0xfc00..=0xfdff, ..] => Reach::Private,
        // For documentation.
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Reach::Private,
        // Teredo and its neighbours.
        [0x2001, 0..=0x1ff, ..] => Reach::Close,
        [0x2000..=0x3fff, ..] => Reach::Global,
        _ => Reach::Close,
    }
}

/// A machine that is asked for the way to one of its own addresses answers with that address. Nothing
/// is sent.
fn is_of_this_machine(address: IpAddr) -> bool {
    let any: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let way = || {
        let socket = UdpSocket::bind((any, 0))?;
        socket.connect((address, 9))?;
        socket.local_addr()
    };
    address.is_loopback() || way().is_ok_and(|from| from.ip() == address)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn policy(lines: &[&str]) -> AddressPolicy {
        let listed = lines.iter().map(|line| line.parse().unwrap()).collect();
        AddressPolicy { listed, ..AddressPolicy::default() }
    }

    fn allows(policy: &AddressPolicy, address: &str) -> bool {
        policy.check(&Target::parse(address).unwrap()).is_ok()
    }

    fn resolves(policy: &AddressPolicy, address: &str, to: &str) -> Result<(), String> {
        let target = Target::parse(address).unwrap();
        policy.check_resolved(&target, to.parse().unwrap()).map_err(|refused| refused.line)
    }

    #[test]
    fn global_https_needs_no_line_and_the_rest_does() {
        let none = policy(&[]);
        assert!(allows(&none, "https://erp.example.org/x"));
        assert!(allows(&none, "https://8.8.8.8/"));
        assert!(!allows(&none, "http://erp.example.org/"));
        assert!(!allows(&none, "https://erp.example.org:8443/"));
        assert!(!allows(&none, "https://10.0.0.1/"));
        let some = policy(&["erp.example.org:8443", "10.0.0.0/8:8080", "[fd00::]/8:443"]);
        assert!(allows(&some, "https://ERP.example.org.:8443/"));
        assert!(allows(&some, "http://10.200.0.1:8080/"));
        assert!(allows(&some, "https://[fd12::1]/"));
        assert!(!allows(&some, "http://10.200.0.1:8081/"));
        let strict = AddressPolicy { strict: true, ..some };
        assert!(!allows(&strict, "https://8.8.8.8/"));
        assert!(allows(&strict, "https://erp.example.org:8443/"));
    }

    #[test]
    fn what_is_close_needs_its_exact_line() {
        let wide = policy(&["127.0.0.0/8:80", "0.0.0.0/0:80", "erp.test:8080", "localhost:81"]);
        assert!(!allows(&wide, "http://127.0.0.1/"));
        assert!(!allows(&wide, "http://169.254.169.254/"));
        assert!(allows(&wide, "http://8.8.8.8/"));
        assert_eq!(resolves(&wide, "http://erp.test:8080", "203.0.113.10"), Ok(()));
        let line = Err("127.0.0.1:8080".to_owned());
        assert_eq!(resolves(&wide, "http://erp.test:8080", "127.0.0.1"), line);
        assert_eq!(resolves(&wide, "http://erp.test:8080", "::ffff:127.0.0.1"), line);
        assert_eq!(resolves(&wide, "http://localhost:81", "127.0.0.1"), Ok(()));
        let exact = policy(&["127.0.0.1:18100"]);
        assert!(allows(&exact, "http://127.0.0.1:18100/Services/ErpConnectorWS.svc"));
        assert!(!allows(&exact, "http://127.0.0.1:18101/"));
        assert_eq!(resolves(&exact, "http://erp.test:18100", "127.0.0.1"), Ok(()));
        assert_eq!(
            resolves(&exact, "https://erp.test", "10.0.0.1"),
            Err("erp.test:443".to_owned())
        );
    }

    #[test]
    fn the_own_listener_needs_its_exact_line() {
        let mut own = policy(&["0.0.0.0/0:8080"]);
        assert!(allows(&own, "http://10.0.0.5:8080/"));
        own.own_listeners = vec!["10.0.0.5:8080".parse().unwrap()];
        assert!(!allows(&own, "http://10.0.0.5:8080/"));
        assert!(allows(&own, "http://10.0.0.6:8080/"));
    }

    #[test]
    fn lines_are_checked() {
        for bad in
            ["erp", "erp:0", "erp:99999", ":80", "::1:80", "10.0.0.0/40:80", "a b:80", "u@h:80"]
        {
            assert!(bad.parse::<Listed>().is_err(), "{bad}");
        }
        assert_eq!("[::1]:80".parse::<Listed>(), "[0:0::1]:80".parse());
    }
}
