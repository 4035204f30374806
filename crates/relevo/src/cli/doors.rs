//! Who may come in by `relevo up`'s command line: keys that sign, and an address beside this machine's own; and what goes wrong
//! for whoever is in.

use std::{net::IpAddr, path::Path};

use anyhow::{Context, bail};
use relevo_wire::{
    Gate,
    faults::{Faults, Rules},
    signatures::{Key, read_keys},
};

use super::UpArgs;
use crate::local::{self, Doors, Outside};

/// The doors, as they were asked for.
pub(super) fn doors(args: &UpArgs) -> anyhow::Result<Doors> {
    let keys = args.credentials.as_deref().map(keys).transpose()?;
    let outside = match args.bind {
        Some(address) if !address.is_loopback() => Some(address),
        _ => None,
    };
    match outside {
        Some(_) if keys.is_none() => {
            bail!("--bind to another address than this machine's own wants --credentials: whoever reaches it must sign")
        }
        Some(IpAddr::V4(it)) if it.is_unspecified() => bail!("--bind {it} is every address; name one of this machine"),
        Some(IpAddr::V6(it)) if it.is_unspecified() => bail!("--bind {it} is every address; name one of this machine"),
        _ => {}
    }
    let outside = outside.map(|address| Outside { address, hosts: args.allow_host.clone() });
    Ok(Doors { keys, outside })
}

/// The key that a client signs with: the first of the file.
pub(super) fn first_key(file: &Path) -> anyhow::Result<Key> {
    keys(file)?.into_iter().next().with_context(|| format!("{}: there is no key", file.display()))
}

fn keys(file: &Path) -> anyhow::Result<Vec<Key>> {
    read_keys(&read(file)?).map_err(|it| anyhow::anyhow!("{}: {it}", file.display()))
}

/// The gate, as it was asked for.
pub(super) fn gate(args: &UpArgs) -> anyhow::Result<Gate> {
    let rules = match &args.faults {
        None => Rules::default(),
        Some(file) => Rules::parse(&read(file)?)
            .map_err(|it| anyhow::anyhow!("{}:{}: {}", file.display(), it.line, it.message))?,
    };
    Ok(Gate { faults: Faults::new(rules), quotas: args.quotas.map(|_| local::quotas()) })
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
