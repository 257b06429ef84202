//! Text made comparable: small letters, and Latin letters without their marks. So "lodz" finds "Łódź",
//! and "Ärzte" stands among the A's whatever the database thinks of order. Never shown to anybody.

/// The comparable form of a text.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match base(letter) {
            Some(base) => folded.push_str(base),
            None => folded.push(letter),
        }
    }
    folded
}

/// The words of a search, each in comparable form.
pub fn words(search: &str) -> Vec<String> {
    search
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(fold)
        .collect()
}

/// What a small letter is without its marks; `None`: itself.
fn base(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ς' => "σ",
        // Marks that stand apart from their letter, as some systems write them.
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_with_marks_meet_their_plain_ones() {
        assert_eq!(fold("ŁÓDŹ & Söhne"), "lodz & sohne");
        assert_eq!(fold("GROẞE STRAẞE"), fold("große Strasse"));
        assert_eq!(fold("Ørsted Æbler İzmir"), "orsted aebler izmir");
        assert_eq!(fold("Cafe\u{301}"), fold("CAFÉ"));
        assert_eq!(fold("ΟΔΟΣ Київ 東京"), "οδοσ київ 東京");
    }

    #[test]
    fn a_search_is_cut_into_words() {
        assert_eq!(words("  Łódź\u{a0}50%\0x "), ["lodz", "50%", "x"]);
        assert!(words(" \t").is_empty());
    }
}
