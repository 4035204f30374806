//! HTML, by headings. Tags are dropped, and with them what is not for reading: scripts, styles, menus.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};

use super::{Headings, Part, squeezed};

/// What is between these is not for reading.
const SKIPPED: [&str; 10] =
    ["script", "style", "noscript", "template", "svg", "head", "nav", "footer", "select", "button"];
/// These stand in a line; all others begin a block.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "kbd", "label", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "u", "wbr",
];

pub(super) fn parts(text: &str) -> Vec<Part> {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    // It stops only where the sink asks for it, which ours does not.
    drop(tokenizer.feed(&input));
    tokenizer.end();
    let mut writer = tokenizer.sink.0.into_inner();
    writer.end_part();
    writer.parts
}

#[derive(Default)]
struct Sink(RefCell<Writer>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) if writer.skipped.is_empty() => writer.text.push_str(&text),
            Token::TagToken(tag) => return writer.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct Writer {
    parts: Vec<Part>,
    headings: Headings,
    blocks: Vec<String>,
    text: String,
    /// Elements that are open and not for reading.
    skipped: Vec<&'static str>,
    item: bool,
}

impl Writer {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let begins = tag.kind == TagKind::StartTag;
        if let Some(skipped) = SKIPPED.into_iter().find(|skipped| *skipped == name) {
            if begins && !tag.self_closing {
                self.end_block();
                self.skipped.push(skipped);
            } else if let Some(last) = self.skipped.iter().rposition(|open| *open == skipped) {
                self.skipped.truncate(last);
            }
        } else if name == "body" && begins {
            // A head without its end.
            self.skipped.retain(|open| *open != "head");
        } else if self.skipped.is_empty() {
            self.read(name, begins);
        }
        // What these hold is no markup; the tokenizer is to be told.
        match name {
            "script" if begins => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "noscript" if begins => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" if begins => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn read(&mut self, name: &str, begins: bool) {
        match (name, begins) {
            ("br", _) => self.text.push('\n'),
            ("td" | "th", false) => self.text.push_str("; "),
            ("td" | "th", true) => {}
            ("li", true) => {
                self.end_line();
                self.text.push_str("- ");
                self.item = true;
            }
            ("li", false) => self.item = false,
            ("p" | "div", _) if self.item => self.text.push(' '),
            ("tr", _) => self.end_line(),
            (heading, true) if level(heading).is_some() => self.end_part(),
            (heading, false) if level(heading).is_some() => {
                let text = squeezed(&std::mem::take(&mut self.text));
                self.headings.enter(level(heading).unwrap_or(6), text);
            }
            (inline, _) if INLINE.contains(&inline) => {}
            _ => self.end_block(),
        }
    }

    fn end_line(&mut self) {
        if !self.text.trim().is_empty() {
            self.text.push('\u{b}');
        }
    }

    fn end_block(&mut self) {
        let text = std::mem::take(&mut self.text);
        // Line ends of the source are spaces; those of the page were marked.
        let lines = text.split(['\u{b}']).map(|line| squeezed(line).trim_end_matches(';').to_owned());
        let block = lines.filter(|line| !line.is_empty() && line != "-").collect::<Vec<_>>().join("\n");
        if !block.is_empty() {
            self.blocks.push(block);
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

/// Of a heading.
fn level(name: &str) -> Option<u8> {
    name.strip_prefix('h')?.parse().ok().filter(|level| (1..=6).contains(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<(String, String)> {
        parts(text).into_iter().map(|part| (part.headings.join(" > "), part.blocks.join("|"))).collect()
    }

    #[test]
    fn sections_keep_their_headings_and_lose_their_tags() {
        let text = "<!doctype html><html><head><title>T &amp; x</title><style>p{}</style></head><body><nav>Menu</nav>
            <h1>Env&iacute;os</h1><p>A <b>todo</b>\n el pa&iacute;s &lt;24h.</p><script>if (a < b) { '<p>' }</script>
            <h2>Costos</h2><ul><li>Norte: <em>5</em></li><li><p>Sur: 7</p></li></ul>Gratis<br>desde 50
            <table><tr><th>Zona</th><th>Días</th></tr><tr><td>Norte</td><td>3</td></tr></table></body></html>";
        assert_eq!(
            shape(text),
            [
                ("Envíos".to_owned(), "A todo el país <24h.".to_owned()),
                ("Envíos > Costos".to_owned(), "- Norte: 5\n- Sur: 7|Gratis desde 50|Zona; Días\nNorte; 3".to_owned()),
            ]
        );
    }

    #[test]
    fn what_is_broken_is_still_read() {
        assert_eq!(
            shape("<p>one<p>two</div></b><h2>H<p>three"),
            [(String::new(), "one|two".into()), (String::new(), "H|three".into())]
        );
        assert_eq!(shape("just text"), [(String::new(), "just text".to_owned())]);
        assert_eq!(shape("<script>never ended"), []);
    }

    proptest::proptest! {
        #[test]
        fn anything_is_read(text in "(<[a-z/!]{0,6}>?|[a-z \n&;]){0,40}") {
            parts(&text);
        }
    }
}
