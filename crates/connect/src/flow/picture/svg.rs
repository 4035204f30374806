//! The flow as SVG: light and dark by the reader's own setting.

use std::fmt::Write;

use super::{
    Class, Graph, Step, Way,
    layout::{Layout, Plan, Route, layout},
};

/// What a line of an action has room for.
const WIDTH: f64 = 248.0;
const HEIGHT: f64 = 66.0;
const CHARACTERS: usize = 33;
/// The longest label of a way.
const LABEL_CHARACTERS: usize = 30;
/// The width of a letter of a label.
const LETTER: f64 = 6.3;

const STYLE: &str = "
.flow{--ink:#1d2733;--soft:#5b6776;--paper:#ffffff;--card:#ffffff;--edge:#d5dbe3;--line:#7b8794;--bad:#c0392b;--talk:#2166c4;--wait:#b7791f;--fork:#7b3fb5;--call:#0f7b6c;--route:#c2410c;--end:#475569;--set:#64748b;font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
@media (prefers-color-scheme:dark){.flow{--ink:#e6ebf1;--soft:#9aa7b5;--paper:#12171d;--card:#1c242d;--edge:#36424f;--line:#7f8d9c;--bad:#ff8a7a;--talk:#6fa8ff;--wait:#e6b455;--fork:#c792ea;--call:#4fd1b5;--route:#ff9b66;--end:#a3b1c2;--set:#93a1b2}}
.flow .paper{fill:var(--paper)}
.flow .card{fill:var(--card);stroke:var(--edge);stroke-width:1}
.flow .type{font-size:12.5px;font-weight:600}
.flow .detail{font-size:12px;fill:var(--ink)}
.flow .id{font-size:10px;fill:var(--soft)}
.flow .way{fill:none;stroke:var(--line);stroke-width:1.5}
.flow .way.error{stroke:var(--bad);stroke-dasharray:5 4;stroke-width:1.2}
.flow .label rect{fill:var(--paper)}
.flow .label text{font-size:11px;fill:var(--soft)}
.flow .label.error text{fill:var(--bad)}
.flow .head{fill:var(--line)}
.flow .head.error{fill:var(--bad)}
.flow .unreached{opacity:.45}
.flow .start{fill:none;stroke:var(--talk);stroke-width:2.5}
";

impl Graph {
    /// A picture of its own size. `title` is what it is called where it cannot be seen.
    pub fn svg(&self, title: &str) -> String {
        let sizes = vec![(WIDTH, HEIGHT); self.steps.len()];
        let labels: Vec<String> = self.ways.iter().map(|way| short(&way.label, LABEL_CHARACTERS)).collect();
        let ways: Vec<(usize, usize, f64)> =
            self.ways.iter().zip(&labels).map(|(way, label)| (way.from, way.to, width_of(label))).collect();
        let layout = layout(&Plan { sizes: &sizes, ways: &ways, start: self.start });
        let (width, height) = (layout.width.max(120.0), layout.height.max(80.0));
        let mut svg = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flow\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{}\">\n<style>{STYLE}</style>\n\
             <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n",
            escaped(title)
        );
        for marker in ["", " error"] {
            let _ = writeln!(
                svg,
                "<marker id=\"head{}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
                 orient=\"auto-start-reverse\"><path class=\"head{marker}\" d=\"M0 0 8 4 0 8z\"/></marker>",
                marker.trim()
            );
        }
        self.draw_ways(&mut svg, &layout, &labels);
        self.draw_steps(&mut svg, &layout);
        svg.push_str("</svg>\n");
        svg
    }

    fn draw_ways(&self, svg: &mut String, layout: &Layout, labels: &[String]) {
        for (way, route) in self.ways.iter().zip(&layout.ways) {
            let (class, head) = if way.way == Way::Error { (" error", "error") } else { ("", "") };
            let path = path(route);
            let _ = writeln!(svg, "<path class=\"way{class}\" d=\"{path}\" marker-end=\"url(#head{head})\"/>");
        }
        for ((way, route), label) in self.ways.iter().zip(&layout.ways).zip(labels) {
            let Some((x, y)) = route.label.filter(|_| !label.is_empty()) else { continue };
            let class = if way.way == Way::Error { " error" } else { "" };
            let width = width_of(label);
            let _ = writeln!(
                svg,
                "<g class=\"label{class}\"><title>{}</title><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"16\" \
                 rx=\"3\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text></g>",
                escaped(&way.label),
                x - width / 2.0,
                y - 8.0,
                y + 4.0,
                escaped(label)
            );
        }
    }

    fn draw_steps(&self, svg: &mut String, layout: &Layout) {
        let unreached = self.unreached();
        for (at, (step, (x, y))) in self.steps.iter().zip(&layout.middles).enumerate() {
            let (left, top) = (x - WIDTH / 2.0, y - HEIGHT / 2.0);
            let class = if unreached.contains(&at) { "step unreached" } else { "step" };
            let colour = colour(step.class);
            let (detail, below) = match step.detail.as_str() {
                "" => (step.identifier.as_str(), ""),
                detail => (detail, step.identifier.as_str()),
            };
            let _ = writeln!(
                svg,
                "<g class=\"{class}\" data-action=\"{}\" transform=\"translate({left:.1} {top:.1})\"><title>{}</title>\
                 <rect class=\"card\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"7\"/>\
                 <path d=\"M7 0h-1a6 6 0 0 0-6 6v{:.0}a6 6 0 0 0 6 6h1z\" fill=\"{colour}\"/>\
                 <text class=\"type\" x=\"16\" y=\"19\" fill=\"{colour}\">{}</text>\
                 <text class=\"detail\" x=\"16\" y=\"38\">{}</text>\
                 <text class=\"id\" x=\"16\" y=\"55\">{}</text></g>",
                escaped(&step.identifier),
                escaped(&told(step)),
                HEIGHT - 12.0,
                escaped(&short(&step.type_name, 32)),
                escaped(&short(detail, CHARACTERS)),
                escaped(&short(below, 40)),
            );
            if self.start == Some(at) {
                let _ = writeln!(
                    svg,
                    "<rect class=\"start\" x=\"{:.1}\" y=\"{:.1}\" width=\"{}\" height=\"{}\" rx=\"10\"/>",
                    left - 4.0,
                    top - 4.0,
                    WIDTH + 8.0,
                    HEIGHT + 8.0
                );
            }
        }
    }
}

/// All that there is to say of an action, for who points at it.
fn told(step: &Step) -> String {
    format!("{} · {}\n{}", step.identifier, step.type_name, step.detail)
}

fn colour(class: Class) -> &'static str {
    match class {
        Class::Talk => "var(--talk)",
        Class::Wait => "var(--wait)",
        Class::Fork => "var(--fork)",
        Class::Call => "var(--call)",
        Class::Route => "var(--route)",
        Class::End => "var(--end)",
        Class::Set => "var(--set)",
    }
}

/// A line through the points that leaves and reaches each of them upright.
fn path(route: &Route) -> String {
    let mut path = String::new();
    let mut before: Option<(f64, f64)> = None;
    for (x, y) in &straightened(&route.points) {
        let _ = match before {
            None => write!(path, "M{x:.1} {y:.1}"),
            Some((bx, _)) if (bx - x).abs() < 0.5 => write!(path, "L{x:.1} {y:.1}"),
            Some((bx, by)) => {
                let half = f64::midpoint(by, *y);
                write!(path, "C{bx:.1} {half:.1} {x:.1} {half:.1} {x:.1} {y:.1}")
            }
        };
        before = Some((*x, *y));
    }
    path
}

/// Without the points that a straight line between their neighbours goes by closely: small bends only tire the eye.
fn straightened(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let bend = match (kept.last(), points.get(at + 1)) {
            (Some((ax, ay)), Some((bx, by))) if (by - ay).abs() > 1.0 => {
                (ax + (bx - ax) * (y - ay) / (by - ay) - x).abs()
            }
            _ => f64::INFINITY,
        };
        if bend > 5.0 {
            kept.push((*x, *y));
        }
    }
    kept
}

fn width_of(label: &str) -> f64 {
    let characters = f64::from(u32::try_from(label.chars().count()).unwrap_or(u32::MAX));
    if label.is_empty() { 0.0 } else { characters * LETTER + 10.0 }
}

/// So many characters at most, on one line.
fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

fn escaped(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect::<String>()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
