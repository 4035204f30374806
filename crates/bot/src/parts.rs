//! A reply's parts: paragraphs as they complete, and pieces that fit the channel.

mod markup;
mod paragraphs;
mod split;

pub(crate) use markup::has_markup;
pub(crate) use paragraphs::Paragraphs;
pub(crate) use split::split;
