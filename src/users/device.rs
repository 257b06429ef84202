//! The cookie by which a browser that signed in before is known again. It opens nothing: it only gives its
//! owner an allowance of their own for typing the password.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::norm;

/// Makes a cookie for a browser in which this login was used rightly: `‹random id›.‹MAC over id and login›`.
pub fn cookie(key: &[u8; 32], login: &str) -> Result<String, getrandom::Error> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random)?;
    let id = URL_SAFE_NO_PAD.encode(random);
    let mac = URL_SAFE_NO_PAD.encode(signed(key, &id, login).finalize().into_bytes());
    Ok(format!("{id}.{mac}"))
}

/// The id in a cookie, if it was made for this login.
pub fn recognise<'a>(key: &[u8; 32], login: &str, cookie: &'a str) -> Option<&'a str> {
    let (id, mac) = cookie.split_once('.')?;
    let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
    signed(key, id, login).verify_slice(&mac).ok()?;
    Some(id)
}

fn signed(key: &[u8; 32], id: &str, login: &str) -> Hmac<Sha256> {
    let mut mac = keyed(key);
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(norm(login).as_bytes());
    mac
}

/// A login as it is counted: told apart from others, but not readable.
pub fn account(key: &[u8; 32], login: &str) -> String {
    let mut mac = keyed(key);
    mac.update(norm(login).as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// HMAC pads a key shorter than its block with zeros.
fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0u8; 64];
    block[..32].copy_from_slice(key);
    Hmac::new(&block.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_for_its_login_alone() {
        let made = cookie(&[7; 32], "Anna").unwrap();
        let id = made.split('.').next().unwrap();
        assert_eq!(recognise(&[7; 32], " anna ", &made), Some(id));
        assert_eq!(recognise(&[7; 32], "bert", &made), None);
        assert_eq!(recognise(&[8; 32], "anna", &made), None);
        for wrong in ["", ".", "x.y", id, &made[1..], &made[..made.len() - 1]] {
            assert_eq!(recognise(&[7; 32], "anna", wrong), None, "{wrong}");
        }
        assert_ne!(cookie(&[7; 32], "Anna").unwrap(), made);
    }

    #[test]
    fn logins_are_counted_without_being_readable() {
        assert_eq!(account(&[7; 32], "Anna "), account(&[7; 32], "anna"));
        assert_ne!(account(&[7; 32], "anna"), account(&[8; 32], "anna"));
        assert!(!account(&[7; 32], "anna").contains("anna"));
    }
}
