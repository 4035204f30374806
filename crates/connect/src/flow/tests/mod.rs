//! The flow language from the outside: what is refused, what is run, and what a run survives.

mod actions;
mod bursts;
mod envios;
mod jsonpath;
mod pages;
mod problems;
mod properties;
mod stored;
mod warnings;
mod ways;
mod world;
