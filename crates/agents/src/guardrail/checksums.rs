//! Check digits: they tell a card or an identity number from any other digits.

/// Luhn's, of payment cards.
pub(super) fn luhn(digits: &[u32]) -> bool {
    let double = |digit: u32| if digit * 2 > 9 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(i, digit)| if i % 2 == 1 { double(*digit) } else { *digit }).sum();
    sum.is_multiple_of(10)
}

/// ISO 13616: the first four characters behind the others, letters as 10 to 35, modulo 97 is 1.
pub(super) fn iban(text: &str) -> bool {
    let compact: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if !(15..=34).contains(&compact.len()) {
        return false;
    }
    let (head, tail) = compact.split_at(4);
    let rest = tail.iter().chain(head).filter_map(|c| c.to_digit(36)).fold(0_u32, |rest, value| {
        let shifted = if value > 9 { rest * 100 } else { rest * 10 };
        (shifted + value) % 97
    });
    rest == 1
}

/// Chile's RUT: weights 2 to 7 from the right, 11 minus the rest; 10 is K.
pub(super) fn rut(text: &str) -> bool {
    let mut signs: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let Some(check) = signs.pop() else { return false };
    let sum: u32 = signs.iter().rev().zip([2, 3, 4, 5, 6, 7].iter().cycle()).map(|(c, w)| digit(*c) * w).sum();
    let expected = match 11 - sum % 11 {
        11 => '0',
        10 => 'K',
        digit => char::from_digit(digit, 10).unwrap_or_default(),
    };
    check.to_ascii_uppercase() == expected
}

/// Brazil's CPF (11 digits) and CNPJ (14): two check digits modulo 11 over weights that grow from the right.
pub(super) fn brazil(digits: &[u32], highest_weight: u32) -> bool {
    let Some((last, _)) = digits.split_last() else { return false };
    // 111.111.111-11 has right check digits and is nobody's.
    if digits.iter().all(|digit| digit == last) {
        return false;
    }
    let check = |digits: &[u32]| {
        let weights = (2..=highest_weight).cycle();
        let sum: u32 = digits.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
        if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
    };
    let (body, checks) = digits.split_at(digits.len().saturating_sub(2));
    let first = check(body);
    let second = check(&body.iter().copied().chain([first]).collect::<Vec<_>>());
    checks == [first, second]
}

/// Spain's DNI and NIE: the letter by the number modulo 23; X, Y and Z in front stand for 0, 1 and 2.
pub(super) fn dni(text: &str) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let mut signs: Vec<char> =
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let Some(letter) = signs.pop() else { return false };
    let number = signs.into_iter().map(|c| match c {
        'X' => '0',
        'Y' => '1',
        'Z' => '2',
        other => other,
    });
    let Ok(number) = number.collect::<String>().parse::<usize>() else { return false };
    LETTERS.get(number % 23).is_some_and(|expected| char::from(*expected) == letter)
}

/// The digits of a text.
pub(super) fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

fn digit(c: char) -> u32 {
    c.to_digit(10).unwrap_or_default()
}
