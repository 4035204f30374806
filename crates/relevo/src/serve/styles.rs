//! The style sheets of the page, sent as one: the first paint waits for each that the page names, request by request.

/// The name that the page has for all of them.
pub(super) const TOGETHER: &str = "page.css";

const BEFORE: &str = r#"<link rel="stylesheet" href="./"#;
const AFTER: &str = r#"">"#;

/// The style sheets that the page names, in their order.
pub(super) fn named(page: &str) -> impl Iterator<Item = &str> {
    page.lines().filter_map(sheet)
}

/// The page with one style sheet in the place of the first that it names.
pub(super) fn together(page: &str) -> String {
    let mut first = true;
    let mut kept = String::with_capacity(page.len());
    for line in page.lines() {
        if sheet(line).is_none() {
            kept.push_str(line);
        } else if std::mem::take(&mut first) {
            kept.extend([BEFORE, TOGETHER, AFTER]);
        }
        // A browser's errors are at the lines of the source.
        kept.push('\n');
    }
    kept
}

fn sheet(line: &str) -> Option<&str> {
    line.trim().strip_prefix(BEFORE)?.strip_suffix(AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head>\n  <link rel=\"stylesheet\" href=\"./base/a.css\">\n  \
                        <link rel=\"stylesheet\" href=\"./b.css\">\n  <link rel=\"icon\" href=\"./i.svg\">\n</head>\n";

    #[test]
    fn they_are_one_in_the_place_of_the_first() {
        assert_eq!(named(PAGE).collect::<Vec<_>>(), ["base/a.css", "b.css"]);
        let expected = "<head>\n<link rel=\"stylesheet\" href=\"./page.css\">\n\n  <link rel=\"icon\" href=\"./i.svg\">\n</head>\n";
        assert_eq!(together(PAGE), expected);
        assert_eq!(together("<p>no style"), "<p>no style\n");
    }
}
