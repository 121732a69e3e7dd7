//! Money: whole minor units and a currency, never a float.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The largest integer an entry may hold, in either direction: 2^53 - 1.
///
/// Source: RFC 8259, section 6: integers that every JSON reader agrees on.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// An ISO 4217 code of three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// An amount in minor units of a currency: 50 EUR is 5,000 minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The currency.
    pub currency: Currency,
    /// Minor units, within ±[`INTEGER_MAX`].
    pub minor: i64,
}

/// Why a text is not an amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoney {
    /// It is not a number, a space and a currency.
    #[error("an amount is a number, a space and a currency, like `50 EUR` or `12.50 EUR`")]
    Shape,
    /// The currency is not three capital letters.
    #[error("a currency has three capital letters, like `EUR`")]
    Currency,
    /// There are more decimals than the currency has.
    #[error("the amount has more decimals than its currency")]
    Decimals,
    /// The amount is beyond [`INTEGER_MAX`] minor units.
    #[error("the amount is too large")]
    TooLarge,
}

impl Currency {
    /// Reads three capital letters.
    ///
    /// # Errors
    ///
    /// [`InvalidMoney::Currency`] for anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidMoney> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|letter| letter.is_ascii_uppercase()) => {
                Ok(Self([*a, *b, *c]))
            }
            _ => Err(InvalidMoney::Currency),
        }
    }

    /// Returns how many decimals the currency has.
    ///
    /// Source: ISO 4217:2015, list one; two where it is not named here.
    #[must_use]
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl Money {
    /// Reads `50 EUR`, `12.50 EUR` or `-3 EUR`.
    ///
    /// # Errors
    ///
    /// [`InvalidMoney`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, InvalidMoney> {
        let (number, currency) = text.split_once(' ').ok_or(InvalidMoney::Shape)?;
        let currency = Currency::parse(currency)?;
        let (negative, number) = number
            .strip_prefix('-')
            .map_or((false, number), |n| (true, n));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let bare_point = number.contains('.') && fraction.is_empty();
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || bare_point {
            return Err(InvalidMoney::Shape);
        }
        let decimals = currency.decimals();
        let given = u32::try_from(fraction.len()).map_err(|_| InvalidMoney::Decimals)?;
        let missing = decimals.checked_sub(given).ok_or(InvalidMoney::Decimals)?;
        let digits = format!("{whole}{fraction}");
        let minor = digits
            .parse::<i64>()
            .ok()
            .and_then(|minor| minor.checked_mul(10_i64.pow(missing)))
            .filter(|minor| *minor <= INTEGER_MAX)
            .ok_or(InvalidMoney::TooLarge)?;
        Ok(Self {
            currency,
            minor: if negative { -minor } else { minor },
        })
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidMoney;
    fn try_from(text: String) -> Result<Self, InvalidMoney> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.to_string()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|letter| fmt::Write::write_char(f, char::from(*letter)))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.pow(self.currency.decimals());
        let (whole, part) = (
            self.minor.unsigned_abs() / unit,
            self.minor.unsigned_abs() % unit,
        );
        let sign = if self.minor < 0 { "-" } else { "" };
        if part == 0 {
            return write!(f, "{sign}{whole} {}", self.currency);
        }
        let decimals = self.currency.decimals() as usize;
        write!(f, "{sign}{whole}.{part:0decimals$} {}", self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_and_written_by_its_currency() {
        for (text, minor, shown) in [
            ("50 EUR", 5_000, "50 EUR"),
            ("12.5 EUR", 1_250, "12.50 EUR"),
            ("-0.05 EUR", -5, "-0.05 EUR"),
            ("100 JPY", 100, "100 JPY"),
            ("1.234 KWD", 1_234, "1.234 KWD"),
            (
                "90071992547409.91 EUR",
                INTEGER_MAX,
                "90071992547409.91 EUR",
            ),
        ] {
            let money = Money::parse(text).unwrap();
            assert_eq!(money.minor, minor, "{text}");
            assert_eq!(money.to_string(), shown);
        }
    }

    #[test]
    fn what_is_not_money_is_named() {
        for (text, fault) in [
            ("50", InvalidMoney::Shape),
            ("50EUR", InvalidMoney::Shape),
            ("fifty EUR", InvalidMoney::Shape),
            ("5. EUR", InvalidMoney::Shape),
            ("1,000 EUR", InvalidMoney::Shape),
            ("50 eur", InvalidMoney::Currency),
            ("50 EURO", InvalidMoney::Currency),
            ("0.001 EUR", InvalidMoney::Decimals),
            ("1.5 JPY", InvalidMoney::Decimals),
            ("90071992547409.92 EUR", InvalidMoney::TooLarge),
            ("99999999999999999999 EUR", InvalidMoney::TooLarge),
        ] {
            assert_eq!(Money::parse(text), Err(fault), "{text}");
        }
    }
}
