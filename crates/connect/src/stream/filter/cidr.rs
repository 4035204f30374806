//! Blocks of IP addresses.

use std::net::IpAddr;

/// A block, such as `10.0.0.0/24`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cidr {
    network: IpAddr,
    bits: u32,
}

impl Cidr {
    /// An address of version 4 or 6, a slash, and how many bits of it count.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(network, bits)| {
            let cidr = Self { network: network.parse().ok()?, bits: bits.parse().ok()? };
            (cidr.bits <= width(cidr.network)).then_some(cidr)
        });
        parsed.ok_or_else(|| format!("\"cidr\" takes a block of addresses such as 10.0.0.0/24, not {text}"))
    }

    /// False for what is no address.
    pub(super) fn contains(&self, text: &str) -> bool {
        let Ok(address) = text.parse::<IpAddr>() else { return false };
        let rest = width(self.network) - self.bits;
        // With no bit that counts nothing is left of a difference.
        address.is_ipv4() == self.network.is_ipv4()
            && (number(address) ^ number(self.network)).checked_shr(rest).unwrap_or(0) == 0
    }
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}
