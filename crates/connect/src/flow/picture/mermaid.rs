//! The flow as a Mermaid flowchart.

use std::fmt::Write;

use super::{Class, Graph, Way};

impl Graph {
    /// A flowchart that any page with Mermaid draws.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart TD\n");
        for (at, step) in self.steps.iter().enumerate() {
            let (open, close) = match step.class {
                Class::Fork => ("{{\"", "\"}}"),
                Class::End => ("([\"", "\"])"),
                Class::Wait => ("[/\"", "\"/]"),
                _ => ("[\"", "\"]"),
            };
            let detail = if step.detail.is_empty() { String::new() } else { format!("<br/>{}", escaped(&step.detail)) };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  n{at}{open}<b>{}</b>{detail}{close}", escaped(&step.type_name));
        }
        for way in &self.ways {
            let arrow = if way.way == Way::Error { "-.->" } else { "-->" };
            let label = if way.label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&way.label)) };
            let _ = writeln!(text, "  n{} {arrow}{label} n{}", way.from, way.to);
        }
        if let Some(start) = self.start {
            let _ = writeln!(text, "  start((start)) --> n{start}");
        }
        text
    }
}

/// As Mermaid takes it within quotes, and no longer than can be read.
fn escaped(text: &str) -> String {
    let mut short: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if short.chars().count() > 80 {
        short = short.chars().take(79).chain(['…']).collect();
    }
    short.replace('&', "&amp;").replace('#', "#35;").replace('"', "#quot;").replace('<', "&lt;").replace('>', "&gt;")
}
