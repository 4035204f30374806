//! The agent run: a sans-IO state machine.
