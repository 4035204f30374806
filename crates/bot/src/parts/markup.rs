//! Whether a text has any Markdown in it.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// Whether a reader of Markdown would show it otherwise than a reader of plain text.
pub(crate) fn has_markup(text: &str) -> bool {
    let plain = |event: &Event<'_>| match event {
        Event::Text(_) | Event::SoftBreak | Event::Html(_) | Event::InlineHtml(_) => true,
        Event::Start(tag) => matches!(tag, Tag::Paragraph | Tag::HtmlBlock),
        Event::End(tag) => matches!(tag, TagEnd::Paragraph | TagEnd::HtmlBlock),
        _ => false,
    };
    !Parser::new(text).all(|event| plain(&event))
}

#[cfg(test)]
mod tests {
    use super::has_markup;

    #[test]
    fn markup_is_told_from_words() {
        for text in
            ["**ya**", "- uno\n- dos", "1. uno", "# Pedido", "`10020030`", "[ver](https://example.com)", "a\n\n---\n"]
        {
            assert!(has_markup(text), "{text}");
        }
        for text in ["", "Hola, ¿qué tal?", "2 * 3 = 6", "a_b_c", "uno\ndos\n\ntres", "10020030-K", "<3", "-"] {
            let expected = text == "-";
            assert_eq!(has_markup(text), expected, "{text}");
        }
    }
}
