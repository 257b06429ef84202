//! The licence file: lines a person can read, then a signature over their exact bytes.
//!
//! ```text
//! Gleichlauf licence
//! Customer: Muster GmbH
//! Edition: Development Tools
//! Seats: 25
//! Issued: 2026-11-22
//! Expires: 2027-11-22
//! Demo: no
//! Signature: ‹Ed25519 over all lines above with their line ends, base64›
//! ```
//!
//! Lines end in LF. A browser's form sends them as CR LF, which is undone before anything else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer};

use super::keys::{self, KeyError, TrustedKeys};
use super::{Licence, LicenceProblem};

/// Longest licence file, in bytes.
pub const LONGEST_FILE: usize = 4_096;
/// Longest customer or edition, in characters.
const LONGEST_NAME: usize = 200;
const MOST_SEATS: i64 = 1_000_000;
const TITLE: &str = "Gleichlauf licence";
const SIGNATURE: &str = "Signature: ";

/// Why a licence cannot be issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("customer and edition are one line of 1 to {LONGEST_NAME} characters each")]
    Name,
    #[error("seats are 1 to {MOST_SEATS}")]
    Seats,
    #[error("a licence cannot end before it begins")]
    Dates,
}

/// Signs a licence with a private key in PEM and gives the file.
pub fn issue(private_pem: &str, licence: &Licence) -> Result<String, IssueError> {
    if [&licence.customer, &licence.edition].into_iter().any(|name| !is_name(name)) {
        return Err(IssueError::Name);
    }
    if !(1..=MOST_SEATS).contains(&licence.seats) {
        return Err(IssueError::Seats);
    }
    if licence.expires < licence.issued {
        return Err(IssueError::Dates);
    }
    let key = keys::private_key(private_pem)?;
    let text = write(licence);
    let signature = STANDARD.encode(key.sign(text.as_bytes()).to_bytes());
    Ok(format!("{text}{SIGNATURE}{signature}\n"))
}

/// What a file says, if one of the keys signed it.
pub(super) fn verify(file: &str, trusted: &TrustedKeys) -> Result<Licence, LicenceProblem> {
    let (text, signature) = split(file).ok_or(LicenceProblem::Malformed)?;
    let licence = read(&text).ok_or(LicenceProblem::Malformed)?;
    let is_signed =
        |key: &ed25519_dalek::VerifyingKey| key.verify_strict(text.as_bytes(), &signature).is_ok();
    if !trusted.keys.iter().any(is_signed) {
        return Err(LicenceProblem::BadSignature);
    }
    if licence.is_demo && !trusted.allows_demo {
        return Err(LicenceProblem::DemoOnly);
    }
    Ok(licence)
}

/// What a file says that was verified when it was installed.
pub fn contents(file: &str) -> Option<Licence> {
    split(file).and_then(|(text, _)| read(&text))
}

fn split(file: &str) -> Option<(String, Signature)> {
    if file.len() > LONGEST_FILE {
        return None;
    }
    let file = file.replace("\r\n", "\n");
    let (text, last) = file.trim().rsplit_once('\n')?;
    let signature = STANDARD.decode(last.strip_prefix(SIGNATURE)?).ok()?;
    Some((format!("{text}\n"), Signature::from_slice(&signature).ok()?))
}

fn write(licence: &Licence) -> String {
    let Licence { customer, edition, seats, issued, expires, is_demo } = licence;
    let demo = if *is_demo { "yes" } else { "no" };
    format!(
        "{TITLE}\nCustomer: {customer}\nEdition: {edition}\nSeats: {seats}\nIssued: {issued}\n\
         Expires: {expires}\nDemo: {demo}\n"
    )
}

/// Reads what [`write`] writes, and nothing else.
fn read(text: &str) -> Option<Licence> {
    let mut lines = text.lines();
    (lines.next()? == TITLE).then_some(())?;
    let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(": ");
    let licence = Licence {
        customer: value("Customer")?.to_owned(),
        edition: value("Edition")?.to_owned(),
        seats: value("Seats")?.parse().ok().filter(|seats| (1..=MOST_SEATS).contains(seats))?,
        issued: value("Issued")?.parse().ok()?,
        expires: value("Expires")?.parse().ok()?,
        is_demo: match value("Demo")? {
            "yes" => true,
            "no" => false,
            _ => return None,
        },
    };
    (write(&licence) == text).then_some(licence)
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(char::is_control)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tests::licence;
    use super::super::{KeyPair, key_pair};
    use super::*;

    fn signed(licence: &Licence) -> (String, KeyPair) {
        let pair = key_pair().unwrap();
        (issue(&pair.private_pem, licence).unwrap(), pair)
    }

    fn trust(pair: &KeyPair) -> TrustedKeys {
        TrustedKeys::only(&pair.public).unwrap()
    }

    #[test]
    fn a_file_says_what_was_signed() {
        let (file, pair) = signed(&licence());
        assert!(file.contains("\nCustomer: Łoś & Söhne\nEdition: Development Tools\nSeats: 5\n"));
        assert_eq!(verify(&file, &trust(&pair)), Ok(licence()));
        let other = key_pair().unwrap().public;
        let several = TrustedKeys::only(&format!("{other}, {}", pair.public)).unwrap();
        assert_eq!(verify(&file, &several), Ok(licence()));
    }

    #[test]
    fn a_file_may_pass_through_a_browsers_form() {
        let (file, pair) = signed(&licence());
        let sent = format!("\r\n{}\r\n", file.trim().replace('\n', "\r\n"));
        assert_eq!(verify(&sent, &trust(&pair)), Ok(licence()));
    }

    #[test]
    fn no_byte_can_be_altered() {
        let (file, pair) = signed(&licence());
        let trusted = trust(&pair);
        for at in 0..file.trim().len() {
            let mut altered = file.clone().into_bytes();
            altered[at] ^= 1 << (at % 7);
            if let Ok(altered) = String::from_utf8(altered) {
                assert!(verify(&altered, &trusted).is_err(), "byte {at}: {altered}");
            }
        }
        assert_eq!(
            verify(&file.replace("Seats: 5", "Seats: 50"), &trusted),
            Err(LicenceProblem::BadSignature)
        );
    }

    #[test]
    fn another_key_does_not_count() {
        let (file, _) = signed(&licence());
        let (_, other) = signed(&licence());
        assert_eq!(verify(&file, &trust(&other)), Err(LicenceProblem::BadSignature));
        assert_eq!(
            verify(&file, &TrustedKeys::only("").unwrap()),
            Err(LicenceProblem::BadSignature)
        );
        assert!(TrustedKeys::only("AAAA").is_err());
        // The neutral point: a signature that fits everything could be made for it.
        let weak = STANDARD.encode([&[1u8][..], &[0; 31]].concat());
        assert!(TrustedKeys::only(&weak).is_err());
    }

    #[test]
    fn a_demo_licence_counts_in_demo_mode_alone() {
        let demo = Licence { is_demo: true, ..licence() };
        let (file, pair) = signed(&demo);
        assert_eq!(verify(&file, &trust(&pair)), Err(LicenceProblem::DemoOnly));
        assert_eq!(verify(&file, &trust(&pair).with_demo()), Ok(demo));
    }

    #[test]
    fn anything_else_is_not_a_licence() {
        let (file, pair) = signed(&licence());
        let trusted = trust(&pair);
        let huge = "x".repeat(1 << 20);
        let lines: Vec<&str> = file.lines().collect();
        let swapped = [lines[0], lines[2], lines[1], lines[3], lines[4]].join("\n");
        for wrong in ["", "\n", "Signature: ", &huge, &swapped, &file[5..], lines[7]] {
            assert_eq!(verify(wrong, &trusted), Err(LicenceProblem::Malformed));
        }
    }

    #[test]
    fn only_sound_licences_are_issued() {
        let pair = key_pair().unwrap();
        let wrong = [
            Licence { customer: "A\nSeats: 99".to_owned(), ..licence() },
            Licence { edition: String::new(), ..licence() },
            Licence { seats: 0, ..licence() },
            Licence { expires: jiff::civil::date(2026, 11, 21), ..licence() },
        ];
        for licence in wrong {
            assert!(issue(&pair.private_pem, &licence).is_err(), "{licence:?}");
        }
        assert!(matches!(issue("not a key", &licence()), Err(IssueError::Key(_))));
    }
}
