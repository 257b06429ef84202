//! Sixty spellings of what must not be called: nothing is ever connected to.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};

use gleichlauf::connector::failure::{BadAddress, Failure};
use gleichlauf::connector::policy::AddressPolicy;
use gleichlauf::connector::registry::{Patience, Registry};

use super::registry;

/// A listener that must stay alone.
struct Canary(TcpListener);

impl Canary {
    fn on(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    fn assert_alone(&self) {
        let somebody = self.0.accept();
        assert!(somebody.is_err(), "{somebody:?} came to {:?}", self.0.local_addr());
    }
}

/// Ways to write an address; `P` stands for a port.
const SPELLINGS: &[&str] = &[
    "http://127.0.0.1:P/",
    "HTTP://127.0.0.1:P/",
    "http://127.0.0.1.:P/",
    "http://2130706433:P/",
    "http://0x7f000001:P/",
    "http://0x7F.0.0.1:P/",
    "http://017700000001:P/",
    "http://0177.0.0.1:P/",
    "http://0177.0.0.0x1:P/",
    "http://127.1:P/",
    "http://127.0.1:P/",
    "http://127.0.0.01:P/",
    "http://127.255.255.254:P/",
    "http://127.0.0.2:P/",
    "http://0:P/",
    "http://0.0.0.0:P/",
    "http://00000000000:P/",
    "http://%31%32%37.0.0.1:P/",
    "http://127%2e0.0.1:P/",
    "http://[::1]:P/",
    "http://[0:0:0:0:0:0:0:1]:P/",
    "http://[::]:P/",
    "http://[::ffff:127.0.0.1]:P/",
    "http://[::ffff:7f00:1]:P/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:P/",
    "http://[::127.0.0.1]:P/",
    "http://[2002:7f00:1::]:P/",
    "http://[64:ff9b::7f00:1]:P/",
    "http://[64:ff9b:1::7f00:1]:P/",
    "http://[2001:0:7f00:1::]:P/",
    "http://[fe80::1]:P/",
    "http://[fe80::1%25lo]:P/",
    "http://[::1%25lo]:P/",
    "http://[::1%lo]:P/",
    "http://[ff02::1]:P/",
    "http://[fec0::1]:P/",
    "http://[fd00::1]:P/",
    "http://localhost:P/",
    "http://LOCALHOST:P/",
    "http://localhost.:P/",
    "http://localhost.localdomain:P/",
    "http://ip6-localhost:P/",
    "http://lo\u{ad}calhost:P/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:P/",
    "http://①②⑦.⓪.⓪.①:P/",
    "http://127。0。0。1:P/",
    "http://127．0．0．1:P/",
    "http://127｡0｡0｡1:P/",
    "http://erp.example.org@127.0.0.1:P/",
    "http://erp.example.org:443@127.0.0.1:P/",
    "http://127.0.0.1:P@erp.example.org/",
    "http://erp.example.org\\@127.0.0.1:P/",
    "http:\\\\127.0.0.1:P/",
    "http:/127.0.0.1:P/",
    "http:127.0.0.1:P/",
    "http:///127.0.0.1:P/",
    "//127.0.0.1:P/",
    "http://127.0.0.1:P#@erp.example.org/",
    "http://127.0.0.1:P\t/",
    "http://127.0.\t0.1:P/",
    "http://127.0.0.1\n:P/",
    "http://127.0.0.1\r\n:P/",
    " http://127.0.0.1:P/",
    "http://127.0.0.1:0P/",
    "https://127.0.0.1:P/",
    "https://localhost:P/",
    "https://[::1]:P/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/",
    "http://2852039166/",
    "https://169.254.169.254/",
    "https://255.255.255.255/",
    "https://224.0.0.1/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "http://8.8.8.8/",
    "https://8.8.8.8:22/",
    "https://8.8.8.8:25/",
    "https://8.8.8.8:5432/",
    "http://erp.example.org/",
    "https://erp.example.org:8443/",
    "https://erp.example.org:0/",
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "gopher://127.0.0.1:P/_x",
    "ftp://127.0.0.1:P/",
    "ldap://127.0.0.1:P/",
    "dict://127.0.0.1:P/",
    "data:text/xml,x",
    "javascript://127.0.0.1:P/%0aalert(1)",
    "app://erp",
    "plugin://nothing",
    "http://",
    "http://:P/",
    "",
];

#[tokio::test]
async fn no_spelling_of_a_forbidden_address_is_called() {
    let mut canaries = vec![Canary::on("127.0.0.1:0"), Canary::on("127.0.0.1:0")];
    canaries.extend(TcpListener::bind("[::1]:0").is_ok().then(|| Canary::on("[::1]:0")));
    // What is listed is no way in: neither wide networks nor names cover this machine.
    for lines in [&[][..], &["0.0.0.0/0:P", "[::]/0:P", "10.0.0.0/8:P", "erp.example.org:P"]] {
        for canary in &canaries {
            let port = canary.port().to_string();
            let lines: Vec<String> = lines.iter().map(|line| line.replace('P', &port)).collect();
            let registry = registry(&lines);
            for spelling in SPELLINGS {
                refuse(&registry, &spelling.replace('P', &port), canary).await;
            }
        }
    }
    assert!(SPELLINGS.len() > 60);
    canaries.iter().for_each(Canary::assert_alone);
}

/// Refused before anything is sent; where only the name's addresses tell, refused then.
async fn refuse(registry: &Registry, address: &str, canary: &Canary) {
    let failure = match registry.connect(address, Patience::Interactive) {
        Err(failure) => {
            assert_eq!(registry.check_address(address), Err(failure.clone()), "{address}");
            failure
        }
        // Public names are not asked for from here.
        Ok(_) if address.contains("erp.example.org") => return,
        Ok(erp) => erp.config_fields().await.unwrap_err(),
    };
    let is_refused =
        matches!(failure, Failure::AddressNotAllowed { .. } | Failure::AddressNotUsable { .. });
    // A name that this machine does not know is as good.
    assert!(is_refused || matches!(failure, Failure::Unreachable { .. }), "{address}: {failure:?}");
    canary.assert_alone();
}

#[tokio::test]
async fn a_name_is_refused_by_the_address_it_leads_to() {
    let canary = Canary::on("127.0.0.1:0");
    let port = canary.port();
    let registry = registry(&[format!("10.0.0.0/8:{port}")]);
    let erp =
        registry.connect(&format!("http://localhost:{port}/"), Patience::Interactive).unwrap();
    let Err(Failure::AddressNotAllowed { address, line }) = erp.config_fields().await else {
        panic!()
    };
    assert_eq!(address, format!("localhost:{port}"));
    // Either of the two is an address of this machine.
    assert!([format!("127.0.0.1:{port}"), format!("[::1]:{port}")].contains(&line), "{line}");
    canary.assert_alone();
}

#[tokio::test]
async fn this_machines_address_in_its_network_needs_a_line() {
    let Some(own) = own_address() else { return };
    let canary = Canary::on(&SocketAddr::new(own, 0).to_string());
    let address = format!("http://{}/", SocketAddr::new(own, canary.port()));
    let refused = registry(&[]).check_address(&address);
    assert!(matches!(refused, Err(Failure::AddressNotAllowed { .. })), "{refused:?}");
    // The portal's own port, wherever it listens, is open by its exact line only.
    let network = if own.is_ipv4() { "0.0.0.0/0" } else { "[::]/0" };
    let listed = vec![format!("{network}:{}", canary.port()).parse().unwrap()];
    let anywhere = SocketAddr::new(
        if own.is_ipv4() { "0.0.0.0" } else { "::" }.parse().unwrap(),
        canary.port(),
    );
    let mut policy = AddressPolicy { listed, own_listeners: vec![anywhere], strict: false };
    let asked = |policy: &AddressPolicy| {
        Registry::new(policy.clone(), BTreeMap::new()).check_address(&address)
    };
    assert!(asked(&policy).is_err());
    policy.own_listeners.clear();
    assert_eq!(asked(&policy), Ok(()));
    canary.assert_alone();
}

/// The address from which this machine would go to the outside; nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

#[test]
fn refused_closed_and_open_targets_look_alike() {
    let open = Canary::on("127.0.0.1:0");
    let closed = Canary::on("127.0.0.1:0").port();
    let text = |port: u16| {
        let refused =
            registry(&[]).check_address(&format!("http://127.0.0.1:{port}/")).unwrap_err();
        format!("{refused:?}").replace(&port.to_string(), "P")
    };
    assert_eq!(text(open.port()), text(closed));
    open.assert_alone();
}

#[test]
fn the_refusal_names_the_line_that_opens_the_address() {
    for address in [
        "http://127.0.0.1:18100/x",
        "http://[::1]:18100/",
        "https://10.0.0.1/",
        "http://erp.intern/",
    ] {
        let Err(Failure::AddressNotAllowed { line, .. }) = registry(&[]).check_address(address)
        else {
            panic!("{address}")
        };
        assert_eq!(registry(&[line]).check_address(address), Ok(()));
    }
}

#[test]
fn what_is_no_address_of_ours_is_told_apart() {
    let reason = |address: &str| match registry(&[]).check_address(address) {
        Err(Failure::AddressNotUsable { reason }) => reason,
        other => panic!("{address}: {other:?}"),
    };
    assert_eq!(reason("app://erp"), BadAddress::NeedsVendorService);
    assert_eq!(reason("plugin://nothing"), BadAddress::NoSuchPlugin);
    assert_eq!(reason("gopher://x/"), BadAddress::UnknownScheme);
    assert_eq!(reason("erp.example.org"), BadAddress::Malformed);
    assert_eq!(reason("https://user:secret@erp.example.org/"), BadAddress::Malformed);
    let long = format!("https://erp.example.org/{}", "x".repeat(3_000));
    assert_eq!(reason(&long), BadAddress::Malformed);
}

#[tokio::test]
async fn the_query_is_kept() {
    use crate::support::peer::{Peer, xml};
    let peer = Peer::answering(|_| xml("")).await;
    let registry = registry(&[peer.address.to_string()]);
    let address = format!("{}?ConnectorName=Acme%20ERP", peer.url());
    let erp = registry.connect(&address, Patience::Interactive).unwrap();
    erp.config_fields().await.unwrap_err();
    assert!(
        peer.requests()[0]
            .target
            .ends_with("/Services/ErpConnectorWS.svc?ConnectorName=Acme%20ERP")
    );
}
