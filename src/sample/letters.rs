//! Names in plain letters, for web addresses and for clerks with another keyboard.

use super::country::Country;

/// Only letters, digits and single dashes, all plain.
pub(super) fn slug(text: &str, country: &Country) -> String {
    plain(&text.to_lowercase(), country)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// The text without the letters that an English keyboard lacks, capitals kept.
pub(super) fn respelled(text: &str, country: &Country) -> String {
    let mut plainer = String::new();
    for letter in text.chars() {
        if letter.is_ascii() {
            plainer.push(letter);
            continue;
        }
        let small = plain(&letter.to_lowercase().to_string(), country);
        let mut letters = small.chars();
        if letter.is_uppercase() {
            plainer.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        }
        plainer.extend(letters);
    }
    plainer
}

/// Small letters made plain. Apostrophes and full stops vanish, so that `o'brien` stays one word.
fn plain(text: &str, country: &Country) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        match replacement(letter, country) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(letter),
        }
    }
    plain
}

fn replacement(letter: char, country: &Country) -> Option<&'static str> {
    Some(match letter {
        'ä' if country.long_umlauts => "ae",
        'ö' if country.long_umlauts => "oe",
        'ü' if country.long_umlauts => "ue",
        'ß' => "ss",
        'æ' => "ae",
        'à' | 'á' | 'â' | 'ä' | 'å' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ł' => "l",
        'ñ' | 'ń' => "n",
        'ò' | 'ó' | 'ô' | 'ö' | 'ø' => "o",
        'ř' => "r",
        'ś' | 'ş' | 'š' => "s",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ź' | 'ż' | 'ž' => "z",
        '\'' | '’' | '.' => "",
        _ => return None,
    })
}
