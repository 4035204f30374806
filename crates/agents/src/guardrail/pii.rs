//! Kinds of sensitive information that have a pattern, with check digits where the kind has them.

use std::{net::Ipv6Addr, ops::Range, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;

use super::checksums::{brazil, digits, dni, iban, luhn, rut};

/// A kind. The names are Bedrock's, but for the last four; its kinds without a pattern (names, addresses, ages) need a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "Bedrock's names say it")]
pub enum Pii {
    Email,
    Phone,
    Url,
    IpAddress,
    MacAddress,
    CreditDebitCardNumber,
    CreditDebitCardCvv,
    CreditDebitCardExpiry,
    InternationalBankAccountNumber,
    SwiftCode,
    Pin,
    Password,
    AwsAccessKey,
    AwsSecretKey,
    UsSocialSecurityNumber,
    UkNationalInsuranceNumber,
    /// Chile's, with its check digit.
    ClRut,
    /// Brazil's of persons.
    BrCpf,
    /// Brazil's of companies.
    BrCnpj,
    /// Spain's, of citizens and of foreigners.
    EsDni,
}

/// How a kind is found: the first group, or the whole match, where it passes the check.
struct Finder {
    kind: Pii,
    name: &'static str,
    pattern: &'static str,
    check: fn(&str) -> bool,
}

#[rustfmt::skip]
const FINDERS: &[Finder] = &[
    Finder { kind: Pii::Email, name: "EMAIL", check: any, pattern: r"(?i)\b[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b" },
    // With its country, or in groups, or behind its name: bare digits are an order as well.
    Finder { kind: Pii::Phone, name: "PHONE", check: phone, pattern: r"(?i)(?:\b(?:tel|tel[eé]fono|telefone|phone|m[oó]vil|celular|cell|whatsapp|fono|handy)\b\D{0,20}(\+?\d[\d ().-]{5,17}\d))|(\+\d[\d ().-]{6,17}\d)|(\(\d{2,4}\) ?\d{3,5}[ -]?\d{3,4}\b)|(\b\d{3}[ -]\d{3}[ -]\d{4}\b)" },
    Finder { kind: Pii::Url, name: "URL", check: any, pattern: r#"(?i)\b(?:https?://|www\.)[^\s<>"'()]+[^\s<>"'().,;:!?]"# },
    Finder { kind: Pii::IpAddress, name: "IP_ADDRESS", check: ip, pattern: r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}" },
    Finder { kind: Pii::MacAddress, name: "MAC_ADDRESS", check: any, pattern: r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b" },
    Finder { kind: Pii::CreditDebitCardNumber, name: "CREDIT_DEBIT_CARD_NUMBER", check: card, pattern: r"\b[2-6]\d{3}(?:[ -]?\d){8,15}\b" },
    Finder { kind: Pii::CreditDebitCardCvv, name: "CREDIT_DEBIT_CARD_CVV", check: any, pattern: r"(?i)\b(?:cvv2?|cvc2?|csc|security code|c[oó]digo de seguran[cçz]\w+|c[oó]digo de seguridad)\b\D{0,15}(\d{3,4})\b" },
    Finder { kind: Pii::CreditDebitCardExpiry, name: "CREDIT_DEBIT_CARD_EXPIRY", check: any, pattern: r"(?i)\b(?:exp|expir\w+|valid (?:thru|until)|vence|vencimiento|vencimento|caduca|caducidad|validade)\b\D{0,15}((?:0[1-9]|1[0-2]) ?[/-] ?(?:20\d{2}|\d{2}))\b" },
    Finder { kind: Pii::InternationalBankAccountNumber, name: "INTERNATIONAL_BANK_ACCOUNT_NUMBER", check: iban, pattern: r"(?i)\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b" },
    Finder { kind: Pii::SwiftCode, name: "SWIFT_CODE", check: any, pattern: r"\b(?i:swift|bic)\b(?i:[ -]?(?:code|c[oó]digo))?\W{0,5}(?i:is|es|é)?\W{0,3}([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b" },
    Finder { kind: Pii::Pin, name: "PIN", check: any, pattern: r"(?i)\bpin\b\D{0,12}(\d{4,8})\b" },
    Finder { kind: Pii::Password, name: "PASSWORD", check: any, pattern: r"(?i)\b(?:password|contrase[nñ]a|senha|passwort|mot de passe)\b(?:\s*[:=]\s*|\s+(?:is|es|é|ist|est)\s*:?\s*)(\S{4,})" },
    Finder { kind: Pii::AwsAccessKey, name: "AWS_ACCESS_KEY", check: any, pattern: r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b" },
    Finder { kind: Pii::AwsSecretKey, name: "AWS_SECRET_KEY", check: any, pattern: r#"(?i)\bsecret\w*\b.{0,20}?["'=: ]([A-Za-z0-9/+]{40})(?:$|[^A-Za-z0-9/+=])"# },
    Finder { kind: Pii::UsSocialSecurityNumber, name: "US_SOCIAL_SECURITY_NUMBER", check: social_security, pattern: r"\b\d{3}-\d{2}-\d{4}\b" },
    Finder { kind: Pii::UkNationalInsuranceNumber, name: "UK_NATIONAL_INSURANCE_NUMBER", check: any, pattern: r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b" },
    Finder { kind: Pii::ClRut, name: "CL_RUT", check: rut, pattern: r"\b\d{1,2}\.?\d{3}\.?\d{3} ?[-–] ?[\dkK]\b|\b\d{7,8}[kK]\b" },
    Finder { kind: Pii::BrCpf, name: "BR_CPF", check: cpf, pattern: r"\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b" },
    Finder { kind: Pii::BrCnpj, name: "BR_CNPJ", check: cnpj, pattern: r"\b\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}\b" },
    Finder { kind: Pii::EsDni, name: "ES_DNI", check: dni, pattern: r"(?i)\b(?:\d{8}|[XYZ]\d{7})[ -]?[A-Z]\b" },
];

static REGEXES: LazyLock<Vec<Option<Regex>>> =
    LazyLock::new(|| FINDERS.iter().map(|finder| Regex::new(finder.pattern).ok()).collect());

impl Pii {
    /// Bedrock's name, or ours.
    pub fn name(self) -> &'static str {
        FINDERS.iter().find(|finder| finder.kind == self).map_or("", |finder| finder.name)
    }

    /// Where it stands in a text, in bytes.
    pub(super) fn find(self, text: &str) -> Vec<Range<usize>> {
        let finders = FINDERS.iter().zip(REGEXES.iter());
        let Some((finder, Some(regex))) = finders.into_iter().find(|(finder, _)| finder.kind == self) else {
            return Vec::new();
        };
        let found = regex.captures_iter(text).filter_map(|captures| {
            let group = captures.iter().skip(1).flatten().next();
            group.or_else(|| captures.get(0)).map(|found| (found.range(), found.as_str()))
        });
        found.filter_map(|(at, found)| passing(found, finder.check).map(|length| at.start..at.start + length)).collect()
    }
}

/// The length of what passes the check: a pattern of groups may have taken the next word along.
fn passing(found: &str, check: fn(&str) -> bool) -> Option<usize> {
    let mut rest = found;
    while !check(rest) {
        rest = rest.rsplit_once(' ')?.0;
    }
    Some(rest.len())
}

fn any(_: &str) -> bool {
    true
}

fn phone(text: &str) -> bool {
    (7..=15).contains(&digits(text).len())
}

fn card(text: &str) -> bool {
    let digits = digits(text);
    (13..=19).contains(&digits.len()) && luhn(&digits)
}

/// What has dots was read by its numbers; what has colons is an address or the time.
fn ip(text: &str) -> bool {
    text.contains('.') || text.parse::<Ipv6Addr>().is_ok_and(|address| !address.is_unspecified())
}

fn social_security(text: &str) -> bool {
    let (area, rest) = text.split_at_checked(3).unwrap_or_default();
    !(area == "000" || area == "666" || area.starts_with('9') || rest.starts_with("-00") || rest.ends_with("-0000"))
}

fn cpf(text: &str) -> bool {
    brazil(&digits(text), 11)
}

fn cnpj(text: &str) -> bool {
    brazil(&digits(text), 9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: Pii, text: &str) -> Vec<&str> {
        kind.find(text).into_iter().map(|at| &text[at]).collect()
    }

    #[test]
    fn every_kind_has_a_pattern_that_is_read() {
        assert!(REGEXES.iter().all(Option::is_some));
    }

    #[test]
    fn what_is_one() {
        for (kind, text, value) in [
            (Pii::Email, "escríbeme a ana.perez+x@correo.example.cl, gracias", "ana.perez+x@correo.example.cl"),
            (Pii::Phone, "mi celular es 987654321", "987654321"),
            (Pii::Phone, "llámame al +56 9 8765 4321.", "+56 9 8765 4321"),
            (Pii::Phone, "call (212) 555-0123 please", "(212) 555-0123"),
            (Pii::Phone, "call 212-555-0123 please", "212-555-0123"),
            (Pii::Url, "see https://example.com/a?b=1.", "https://example.com/a?b=1"),
            (Pii::IpAddress, "from 192.168.0.12", "192.168.0.12"),
            (Pii::IpAddress, "from 2001:db8::8a2e:370:7334 today", "2001:db8::8a2e:370:7334"),
            (Pii::MacAddress, "00:1A:2b:3c:4D:5e", "00:1A:2b:3c:4D:5e"),
            (Pii::CreditDebitCardNumber, "4111 1111 1111 1111 is my card", "4111 1111 1111 1111"),
            (Pii::CreditDebitCardNumber, "5500005555555559", "5500005555555559"),
            (Pii::CreditDebitCardCvv, "el CVV es 123", "123"),
            (Pii::CreditDebitCardExpiry, "vence 09/28", "09/28"),
            (Pii::InternationalBankAccountNumber, "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
            (Pii::InternationalBankAccountNumber, "a ES9121000418450200051332 por favor", "ES9121000418450200051332"),
            (Pii::SwiftCode, "SWIFT: DEUTDEFF500", "DEUTDEFF500"),
            (Pii::Pin, "my pin is 4821", "4821"),
            (Pii::Password, "mi contraseña es Hola#1234", "Hola#1234"),
            (Pii::AwsAccessKey, "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
            (
                Pii::AwsSecretKey,
                "secret_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            ),
            (Pii::UsSocialSecurityNumber, "SSN 219-09-9999", "219-09-9999"),
            (Pii::UkNationalInsuranceNumber, "AB 12 34 56 C", "AB 12 34 56 C"),
            (Pii::ClRut, "mi rut es 12.345.678-5", "12.345.678-5"),
            (Pii::ClRut, "20.347.878-K ok", "20.347.878-K"),
            (Pii::BrCpf, "CPF 529.982.247-25", "529.982.247-25"),
            (Pii::BrCnpj, "CNPJ 11.222.333/0001-81", "11.222.333/0001-81"),
            (Pii::EsDni, "DNI 12345678Z", "12345678Z"),
            (Pii::EsDni, "NIE X1234567L", "X1234567L"),
            (
                Pii::InternationalBankAccountNumber,
                "ES91 2100 0418 4502 0005 1332 POR FAVOR",
                "ES91 2100 0418 4502 0005 1332",
            ),
        ] {
            assert_eq!(found(kind, text), [value], "{kind:?} in {text}");
        }
    }

    #[test]
    fn what_is_none() {
        for (kind, text) in [
            (Pii::Email, "arroba @correo y punto.com"),
            (Pii::Phone, "mi pedido es 10020030 y el ticket 202412041233"),
            (Pii::Phone, "el 2026-11-26 a las 10:30"),
            (Pii::Url, "www es una sigla"),
            (Pii::IpAddress, "versión 1.2.3, 300.1.1.1, a las 10:30:15"),
            (Pii::MacAddress, "00:1A:2b:3c"),
            (Pii::CreditDebitCardNumber, "4111 1111 1111 1112"),
            (Pii::CreditDebitCardNumber, "ticket 202412041233"),
            (Pii::CreditDebitCardCvv, "habitación 123"),
            (Pii::InternationalBankAccountNumber, "GB82 WEST 1234 5698 7654 33"),
            (Pii::SwiftCode, "RESPONDE SEGUNDOS"),
            (Pii::Password, "olvidé mi contraseña, ¿me ayudas?"),
            (Pii::Pin, "el pin del paquete no llegó"),
            (Pii::UsSocialSecurityNumber, "000-12-3456 y 900-12-3456"),
            (Pii::ClRut, "12.345.678-9"),
            (Pii::BrCpf, "529.982.247-26 e 111.111.111-11"),
            (Pii::BrCnpj, "11.222.333/0001-82"),
            (Pii::EsDni, "12345678A"),
        ] {
            assert_eq!(found(kind, text), [""; 0], "{kind:?} in {text}");
        }
    }
}
