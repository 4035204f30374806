//! `CloudFormation` documents as plain JSON values.
//!
//! A template is YAML with tags of its own (`!Ref X`). [`read()`] gives the long form that JSON templates have
//! (`{"Ref": "X"}`), in which everything here works; [`write()`] gives YAML for people, with the short tags again. Reading what
//! was written gives the same value.

mod read;
mod short;
mod write;

pub use read::read;
pub use write::{plain, write};
