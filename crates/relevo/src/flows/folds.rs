//! Where a text stands that a template writes on several lines: in quotes or folded they become one.

/// A text with a line of its own for each line of the file that it stands on, and which those are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unfolded {
    pub(super) text: String,
    pub(super) lines: Vec<usize>,
}

/// Follows `text`, as YAML has read it, through the file from a line and a column on, both from 1. A line is only begun
/// where JSON may have one: `inside` says whether the text begins within a string of it. `None`: it cannot be followed.
pub(super) fn unfold(text: &str, file: &str, (line, column): (usize, usize), inside: bool) -> Option<Unfolded> {
    let first = text.chars().find(|c| !c.is_whitespace())?;
    let mut written = Written::begin(file, line, column, first)?;
    let (mut inside, mut escaped) = (inside, false);
    let mut unfolded = Unfolded { text: String::with_capacity(text.len()), lines: Vec::new() };
    let mut new_line = false;
    for c in text.chars() {
        if c.is_whitespace() {
            // Which line the next one is shows when something stands there.
            new_line |= c == '\n';
            if c != '\n' {
                unfolded.text.push(c);
            }
            continue;
        }
        let at = written.find(c)?;
        match unfolded.lines.last() {
            None => unfolded.lines.push(at),
            Some(now) if new_line || (at > *now && !inside) => {
                unfolded.text.push('\n');
                unfolded.lines.push(at);
            }
            Some(_) => {}
        }
        new_line = false;
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        unfolded.text.push(c);
    }
    Some(unfolded)
}

/// A scalar as the file writes it.
struct Written<'a> {
    rest: &'a str,
    line: usize,
    in_double_quotes: bool,
    last: char,
}

impl<'a> Written<'a> {
    /// Before the first sign of it, behind its tag, its quote or the header of its block.
    fn begin(file: &'a str, line: usize, column: usize, first: char) -> Option<Self> {
        let start: usize = file.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
        let from = file.get(start..)?;
        let skipped: usize = from.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
        let from = from.get(skipped..)?;
        let before = from.get(..from.find(first)?)?;
        let line = line + before.matches('\n').count();
        let in_double_quotes = before.ends_with('"');
        Some(Self { rest: from.get(before.len()..)?, line, in_double_quotes, last: first })
    }

    /// The line of the next sign, which must be this one.
    fn find(&mut self, wanted: char) -> Option<usize> {
        loop {
            let mut signs = self.rest.chars();
            let mut sign = signs.next()?;
            let is_escape = sign == '\\' && self.in_double_quotes;
            if is_escape {
                sign = match signs.next()? {
                    'n' | 't' | 'r' => ' ',
                    other => other,
                };
            }
            self.rest = signs.as_str();
            let at = self.line;
            self.line += usize::from(sign == '\n');
            // In single quotes one of them is written as two.
            let is_twin = sign == '\'' && self.last == '\'' && sign != wanted;
            if sign == wanted {
                self.last = sign;
                return Some(at);
            }
            if !sign.is_whitespace() && !is_twin {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_the_file_is_one_of_the_text() {
        for (file, text, lines) in [
            ("C: \"{\\\"a\\\":[\\\n  1]}\"", "{\"a\":[1]}", &[1, 2][..]),
            ("C: !Sub\n - \"{\\\"a\\\": 1,\\n\n     \\\"b\\\": 2}\"", "{\"a\": 1,\n \"b\": 2}", &[2, 3]),
            ("C: >-\n  {\n  }", "{ }", &[2, 3]),
            ("C: |\n  {\n\n  }\n", "{\n\n}\n", &[2, 4]),
            ("C: '{\n  \"a\": \"it''s\"}'", "{ \"a\": \"it's\"}", &[1, 2]),
            ("C: {}", "{}", &[1]),
        ] {
            let column = if file.contains(" - ") { 1 } else { 4 };
            let unfolded = unfold(text, file, (1, column), false).unwrap();
            assert_eq!(unfolded.lines, lines, "{file}");
            assert_eq!(unfolded.text.lines().count(), lines.len(), "{file}");
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(plain(&unfolded.text), plain(text), "{file}");
        }
    }

    /// A string of JSON has no line of its own, so what follows it has the next.
    #[test]
    fn within_a_string_no_line_begins() {
        let unfolded =
            unfold("{\"a\": \"b c\",\"d\": 1}", "\"{\\\"a\\\": \\\"b\n c\\\",\\\"d\\\": 1}\"", (1, 1), false);
        let unfolded = unfolded.unwrap();
        assert!(unfolded.text.contains("\"b c\""), "{unfolded:?}");
        assert_eq!(unfolded.lines, [1, 2]);
    }

    #[test]
    fn what_cannot_be_followed_is_left() {
        assert_eq!(unfold("{x}", "C: {y}", (1, 1), false), None);
        assert_eq!(unfold("{x}", "C: {x}", (9, 1), false), None);
        assert_eq!(unfold("", "C: ''", (1, 1), false), None);
    }
}
