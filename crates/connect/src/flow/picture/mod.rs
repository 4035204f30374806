//! A flow as a picture: its actions and ways in layers, as SVG or as a Mermaid flowchart.
//!
//! A picture is made of the text alone, so that a flow can be looked at that Connect would refuse.

mod details;
mod graph;
mod layers;
mod layout;
mod mermaid;
mod order;
mod svg;

pub use self::graph::{Class, Edge, Graph, Step, Way};

#[cfg(test)]
mod tests;
