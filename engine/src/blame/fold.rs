//! One spelling of a word for comparing: small letters, no diacritics, nothing invisible.

/// Returns whether a character belongs to a word, and does not stand between two.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_invisible(c)
}

/// Returns whether a character is an apostrophe, of whatever shape.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02bc}')
}

/// Combining marks, soft hyphens and marks without a width: they change no word.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}')
        || matches!(c, '\u{2060}' | '\u{feff}')
}

/// Returns a text in small letters without diacritics: `Müller` is `muller`.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        push(&mut folded, c);
    }
    folded
}

/// Returns a text as it is written where there are no umlauts: `Müller` is `mueller`; none where
/// that is the same as without diacritics.
pub(super) fn spelt(text: &str) -> Option<String> {
    let mut spelt = String::with_capacity(text.len() + 4);
    let mut has_umlaut = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        let umlaut = match c {
            'ä' => "ae",
            'ö' | 'ø' => "oe",
            'ü' => "ue",
            'å' => "aa",
            c => {
                push(&mut spelt, c);
                continue;
            }
        };
        has_umlaut = true;
        spelt.push_str(umlaut);
    }
    has_umlaut.then_some(spelt)
}

fn push(folded: &mut String, c: char) {
    match plain(c) {
        Some(plain) => folded.push_str(plain),
        None if is_apostrophe(c) => folded.push('\''),
        None if !is_invisible(c) => folded.push(c),
        None => {}
    }
}

/// The letters below a small Latin letter with a diacritic; none for every other character.
fn plain(c: char) -> Option<&'static str> {
    let plain = match c {
        'à'..='å' | 'ā'..='ą' | 'ạ'..='ặ' => "a",
        'æ' => "ae",
        'ç' | 'ć'..='č' => "c",
        'ð' | 'ď'..='đ' => "d",
        'è'..='ë' | 'ē'..='ě' | 'ẹ'..='ệ' => "e",
        'ĝ'..='ģ' => "g",
        'ĥ'..='ħ' => "h",
        'ì'..='ï' | 'ĩ'..='ı' | 'ỉ'..='ị' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ'..='ł' => "l",
        'ñ' | 'ń'..='ň' => "n",
        'ò'..='ö' | 'ø' | 'ō'..='ő' | 'ơ' | 'ọ'..='ợ' => "o",
        'œ' => "oe",
        'ŕ'..='ř' => "r",
        'ß' => "ss",
        'ś'..='š' | 'ș' => "s",
        'ţ'..='ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ'..='ų' | 'ư' | 'ụ'..='ự' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ'..='ỹ' => "y",
        'ź'..='ž' => "z",
        _ => return None,
    };
    Some(plain)
}
