//! From the agent's bytes to complete paragraphs.
//!
//! Where a paragraph ends depends on the text alone, never on the borders of the chunks: the same answer gives the same
//! parts when it is asked for again.

/// A paragraph shorter than this goes out together with the next one.
const SHORT_BYTES: usize = 40;

/// Collects chunks and gives paragraphs as soon as they are complete.
#[derive(Debug, Default)]
pub(crate) struct Paragraphs {
    /// Bytes of a character or a line that is not complete.
    rest: Vec<u8>,
    /// Complete lines of the paragraph at work.
    current: String,
    /// The fence (with its length) of the code block we are in.
    fence: Option<(char, usize)>,
    /// Blank lines after a list: the next line decides whether it goes on.
    blank_after_list: bool,
}

impl Paragraphs {
    /// Takes a chunk; answers the paragraphs that are complete now.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Vec<String> {
        self.rest.extend_from_slice(chunk);
        let mut complete = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            complete.extend(self.line(&String::from_utf8_lossy(&line)));
        }
        complete
    }

    /// The answer has ended: what is left.
    pub(crate) fn finish(&mut self) -> Vec<String> {
        let line = std::mem::take(&mut self.rest);
        let mut complete: Vec<String> = self.line(&String::from_utf8_lossy(&line)).into_iter().collect();
        complete.extend(self.take());
        self.fence = None;
        complete
    }

    /// Whether something was said that is not yet given.
    pub(crate) fn has_more(&self) -> bool {
        !self.rest.is_empty() || !self.current.trim().is_empty()
    }

    fn line(&mut self, line: &str) -> Option<String> {
        if self.fence.is_some() {
            self.current.push_str(line);
            if closes(line, self.fence) {
                self.fence = None;
            }
            return None;
        }
        if line.trim().is_empty() {
            return self.blank(line);
        }
        let mut before = None;
        if std::mem::take(&mut self.blank_after_list) && !is_list_item(line) && !line.starts_with([' ', '\t']) {
            before = self.take();
        }
        self.fence = opens(line);
        self.current.push_str(line);
        before
    }

    fn blank(&mut self, line: &str) -> Option<String> {
        if self.current.trim().is_empty() {
            return None;
        }
        let last = self.current.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if is_list_item(last) || last.starts_with([' ', '\t']) {
            self.blank_after_list = true;
        }
        let leads_on = last.trim_start().starts_with('#') || last.trim_end().ends_with(':');
        if self.blank_after_list || leads_on || self.current.trim().len() < SHORT_BYTES {
            self.current.push_str(line);
            return None;
        }
        self.take()
    }

    fn take(&mut self) -> Option<String> {
        let text = std::mem::take(&mut self.current);
        let text = text.trim_start_matches(['\n', '\r']).trim_end();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// The fence that a line opens: three or more backticks or tildes.
pub(super) fn opens(line: &str) -> Option<(char, usize)> {
    let line = line.trim_start();
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = line.chars().take_while(|char| *char == mark).count();
    (length >= 3 && !(mark == '`' && line.chars().skip(length).any(|char| char == '`'))).then_some((mark, length))
}

fn closes(line: &str, fence: Option<(char, usize)>) -> bool {
    let line = line.trim();
    fence.is_some_and(|(mark, length)| line.chars().all(|char| char == mark) && line.chars().count() >= length)
}

fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let after = line.get(digits..).unwrap_or_default();
    if digits > 0 {
        after.starts_with(". ") || after.starts_with(") ")
    } else {
        ["- ", "* ", "+ ", "• "].iter().any(|mark| line.starts_with(mark))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(text: &str) -> Vec<String> {
        let mut paragraphs = Paragraphs::default();
        let mut all = paragraphs.push(text.as_bytes());
        all.extend(paragraphs.finish());
        all
    }

    #[test]
    fn a_blank_line_ends_a_paragraph_but_not_a_list_a_heading_or_a_code_block() {
        let long = "This sentence is long enough to stand alone.";
        let table: &[(String, &[&str])] = &[
            (format!("{long}\n\n{long}"), &[long, long]),
            ("Hi!\n\nShort ones go together.".into(), &["Hi!\n\nShort ones go together."]),
            (
                format!("{long}\n\n```\na\n\nb\n```\n\n{long}"),
                &[long, "```\na\n\nb\n```\n\nThis sentence is long enough to stand alone."],
            ),
            (
                "- the first item of a loose list, quite long\n\n- the second item\n\nAnd then a text.".into(),
                &["- the first item of a loose list, quite long\n\n- the second item", "And then a text."],
            ),
            ("  \n\n ".into(), &[]),
            (
                "It is on its way to you, and here it is going:\n\nto you".into(),
                &["It is on its way to you, and here it is going:\n\nto you"],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(whole(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn a_paragraph_goes_out_before_the_answer_ends() {
        let mut paragraphs = Paragraphs::default();
        assert_eq!(paragraphs.push("Your order is on its way and comes tomorrow.\n".as_bytes()), Vec::<String>::new());
        assert_eq!(paragraphs.push(b"\n").len(), 1);
        assert!(!paragraphs.has_more());
    }

    #[test]
    fn broken_utf8_loses_no_other_text() {
        let mut paragraphs = Paragraphs::default();
        paragraphs.push(b"a\xffb");
        assert_eq!(paragraphs.finish(), vec!["a\u{fffd}b"]);
    }

    proptest! {
        #[test]
        fn parts_do_not_depend_on_the_borders_of_chunks(
            text in "([a-zñ¿😉 .:#`-]|\n|\n\n|- |```\n){0,120}",
            cuts in proptest::collection::vec(0usize..200, 0..12),
        ) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let mut paragraphs = Paragraphs::default();
            let mut all = Vec::new();
            for pair in cuts.windows(2) {
                all.extend(paragraphs.push(&bytes[pair[0]..pair[1]]));
            }
            all.extend(paragraphs.finish());
            prop_assert_eq!(&all, &whole(&text));
            let squeezed: String = all.concat().split_whitespace().collect();
            prop_assert_eq!(squeezed, text.split_whitespace().collect::<String>());
        }
    }
}
