//! Pictures: what is in them, and that nothing overlaps.

use proptest::prelude::*;

use super::{
    Graph, Way,
    layout::{Plan, layout},
};

const ENVIOS: &str = include_str!("../../../../../examples/envios/flow.json");

#[test]
fn the_example_is_drawn() {
    let graph = Graph::parse(ENVIOS).unwrap();
    assert_eq!(graph.unreached(), [] as [usize; 0]);
    let svg = graph.svg("envios");
    for step in &graph.steps {
        assert!(svg.contains(&format!("data-action=\"{}\"", step.identifier)), "{}", step.identifier);
    }
    assert!(svg.contains("prefers-color-scheme:dark") && svg.contains("QueueAtCapacity"));
    assert!(graph.ways.iter().any(|way| way.way == Way::Error));
    let mermaid = graph.mermaid();
    assert!(mermaid.starts_with("flowchart TD\n") && mermaid.contains("-.->|\"QueueAtCapacity"), "{mermaid}");
}

#[test]
fn what_is_no_flow_is_told() {
    assert_eq!(Graph::parse("{\n").unwrap_err().code, "syntax");
    assert!(Graph::parse("{}").unwrap_err().message.contains("Actions"));
    let graph = Graph::parse(r#"{"Actions": [{"Type": "X<>\"&"}, 7, {"Transitions": {"NextAction": ""}}]}"#).unwrap();
    assert_eq!(graph.steps.len(), 3);
    assert!(!graph.svg("<t>").contains("X<>"));
}

proptest! {
    /// Whatever leads where: nothing overlaps, every way ends at its actions, and all of it is within the picture.
    #[test]
    fn nothing_overlaps(count in 1..14_usize, drawn in prop::collection::vec((0..14_usize, 0..14_usize, 0..3_u8), 0..30)) {
        let mut ways: Vec<(usize, usize, f64)> = Vec::new();
        for (from, to, label) in drawn {
            ways.push((from % count, to % count, f64::from(label) * 40.0));
        }
        let sizes = vec![(100.0, 50.0); count];
        let layout = layout(&Plan { sizes: &sizes, ways: &ways, start: Some(0) });
        let mut boxes: Vec<(f64, f64, f64, f64)> = layout.middles.iter().map(|(x, y)| (*x, *y, 100.0, 50.0)).collect();
        for (route, (from, to, width)) in layout.ways.iter().zip(&ways) {
            prop_assert!(route.points.len() >= 2);
            let ends = |point: Option<&(f64, f64)>, place: usize| {
                let (point, (x, y)) = (point.unwrap(), layout.middles[place]);
                (point.0 - x).abs() <= 51.0 && (point.1 - y).abs() <= 26.0
            };
            prop_assert!(ends(route.points.first(), *from) && ends(route.points.last(), *to), "{route:?}");
            boxes.extend(route.label.map(|(x, y)| (x, y, *width, 16.0)));
        }
        for (at, a) in boxes.iter().enumerate() {
            prop_assert!(a.0 - a.2 / 2.0 >= 0.0 && a.0 + a.2 / 2.0 <= layout.width + 1.0);
            prop_assert!(a.1 - a.3 / 2.0 >= 0.0 && a.1 + a.3 / 2.0 <= layout.height + 1.0);
            for b in boxes.iter().skip(at + 1) {
                let apart = (a.0 - b.0).abs() >= f64::midpoint(a.2, b.2) - 0.1 || (a.1 - b.1).abs() >= f64::midpoint(a.3, b.3) - 0.1;
                prop_assert!(apart, "{a:?} {b:?}");
            }
        }
    }
}
