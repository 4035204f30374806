//! Markdown, by headings. Marks are dropped; lists stay lists, and a table's row has the names of its columns.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Headings, Part, squeezed};

pub(super) fn parts(text: &str) -> Vec<Part> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS | Options::ENABLE_STRIKETHROUGH;
    let mut writer = Writer::default();
    for event in Parser::new_ext(text, options) {
        writer.event(event);
    }
    writer.end_part();
    writer.parts
}

#[derive(Default)]
struct Writer {
    parts: Vec<Part>,
    headings: Headings,
    blocks: Vec<String>,
    /// The block at hand.
    text: String,
    /// Lists that are open, each with the number of its next item, where they are counted.
    lists: Vec<Option<u64>>,
    header: Vec<String>,
    row: Vec<String>,
    in_header: bool,
    skipped: usize,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::MetadataBlock(_) | Tag::HtmlBlock) => self.skipped += 1,
            Event::End(TagEnd::MetadataBlock(_) | TagEnd::HtmlBlock) => self.skipped = self.skipped.saturating_sub(1),
            _ if self.skipped > 0 => {}
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            Event::Rule => self.end_block(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.end_block();
                self.end_part();
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.end_block();
                }
                self.lists.push(*first);
            }
            Tag::Item => {
                if !self.text.is_empty() {
                    self.text.push('\n');
                }
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.text.push_str(&mark);
            }
            Tag::Paragraph | Tag::CodeBlock(_) if self.lists.is_empty() => self.end_block(),
            Tag::TableHead => (self.in_header, self.header) = (true, Vec::new()),
            Tag::Table(_) => self.end_block(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let text = squeezed(&std::mem::take(&mut self.text));
                self.headings.enter(level as u8, text);
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.end_block();
                }
            }
            TagEnd::Paragraph if self.lists.is_empty() => self.end_block(),
            TagEnd::CodeBlock | TagEnd::Table => self.end_block(),
            TagEnd::TableCell => {
                let cell = squeezed(&std::mem::take(&mut self.text));
                if self.in_header { self.header.push(cell) } else { self.row.push(cell) }
            }
            TagEnd::TableHead => self.in_header = false,
            TagEnd::TableRow => {
                let row = std::mem::take(&mut self.row);
                let cells = row.iter().zip(&self.header).filter(|(cell, _)| !cell.is_empty());
                let named = |(cell, name): (&String, &String)| {
                    if name.is_empty() { cell.clone() } else { format!("{name}: {cell}") }
                };
                self.blocks.push(cells.map(named).collect::<Vec<_>>().join("; "));
            }
            _ => {}
        }
    }

    fn end_block(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.blocks.push(text.trim().to_owned());
        }
    }

    fn end_part(&mut self) {
        self.end_block();
        let blocks = std::mem::take(&mut self.blocks);
        if !blocks.is_empty() {
            self.parts.push(Part { headings: self.headings.path(), place: None, blocks });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<(String, Vec<String>)> {
        parts(text).into_iter().map(|part| (part.headings.join(" > "), part.blocks)).collect()
    }

    #[test]
    fn sections_keep_their_headings_and_lose_their_marks() {
        let text = "---\ntitle: x\n---\nIntro with a [link](http://x).\n\n# Returns\n\n## How *long*\nWithin **30**\ndays.\n\nWith receipt.\n\n\
            - one\n- two\n  - three\n\n1. first\n2. second\n\n# Shipping\n<div>gone</div>\n\n`code` stays\n";
        let own = |blocks: &[&str]| blocks.iter().map(|block| (*block).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            shape(text),
            [
                (String::new(), own(&["Intro with a link."])),
                (
                    "Returns > How long".to_owned(),
                    own(&["Within 30 days.", "With receipt.", "- one\n- two\n- three", "1. first\n2. second"])
                ),
                ("Shipping".to_owned(), own(&["code stays"])),
            ]
        );
    }

    #[test]
    fn rows_of_a_table_have_the_names_of_its_columns() {
        let text = "# Plans\n\n| Plan | Price |\n|---|---|\n| Basic | 10 |\n| Pro |  |\n";
        assert_eq!(
            shape(text),
            [("Plans".to_owned(), vec!["Plan: Basic; Price: 10".to_owned(), "Plan: Pro".to_owned()])]
        );
    }
}
