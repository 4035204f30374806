//! A hash that stays the same in every version of the program: ids and idempotency keys are made from it.

/// FNV-1a, 128 bits.
pub(super) fn stable_hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash = OFFSET;
    for part in parts {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        for byte in (part.len() as u64).to_le_bytes().into_iter().chain(part.bytes()) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }
    hash
}

/// An agent's id: ten characters of `[0-9A-Z]`, made from its name.
pub(super) fn agent_id(name: &str, salt: u32) -> String {
    let mut rest = stable_hash([name, &salt.to_string()]);
    // The low bits of this hash mix best after a fold.
    rest ^= rest >> 64;
    let mut id = String::with_capacity(10);
    for _ in 0..10 {
        let digit = u32::try_from(rest % 36).unwrap_or_default();
        id.push(char::from_digit(digit, 36).unwrap_or('0').to_ascii_uppercase());
        rest /= 36;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bedrocks_in_shape_and_stay() {
        let id = agent_id("orders", 0);
        assert_eq!(id.len(), 10);
        assert!(id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()), "{id}");
        assert_eq!(id, agent_id("orders", 0));
        assert_ne!(id, agent_id("orders", 1));
        assert_ne!(id, agent_id("tickets", 0));
        assert_ne!(stable_hash(["ab", "c"]), stable_hash(["a", "bc"]));
    }
}
