//! Plain text, by paragraphs.

use super::Part;

pub(super) fn parts(text: &str) -> Vec<Part> {
    vec![Part { blocks: paragraphs(text), ..Part::default() }]
}

/// What stands between blank lines. Lines are kept: they may be a list, or question and answer.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line);
            }
            Some(last) if !last.is_empty() => paragraphs.push(String::new()),
            _ => {}
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    #[test]
    fn blank_lines_part_paragraphs() {
        assert_eq!(super::paragraphs("\n a \r\nb\n\n \n\nc"), ["a\nb", "c"]);
        assert_eq!(super::paragraphs(" \n"), Vec::<String>::new());
    }
}
