//! A parameter's text: static, one JSONPath, or text with some in it.

/// A JSONPath as flows use it: names below `$`, dotted (`$.External.a.b`), in brackets (`$.External['a']`), or both, as AWS's
/// pages write it (`$.Attributes.['a b']`; admin guide, how to reference attributes).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct JsonPath(Vec<String>);

impl JsonPath {
    /// The names below `$`; never empty.
    pub(super) fn names(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// The path one name further down.
    pub(super) fn below(&self, name: &str) -> Self {
        Self(self.0.iter().cloned().chain([name.to_owned()]).collect())
    }

    /// Reads a path at the beginning of `text`, and how many bytes it is long. A dot that no name follows is not part
    /// of it: it ends a sentence.
    fn read(text: &str) -> Option<(Self, usize)> {
        let mut rest = text.strip_prefix('$')?;
        let mut names: Vec<String> = Vec::new();
        // Attribute names have no dots: what follows one is the sentence again ("$.Attributes.city.Thanks").
        while !matches!(names.first().map(String::as_str), Some("Attributes" | "FlowAttributes")) || names.len() < 2 {
            let in_brackets = || bracketed(rest.strip_prefix('.').unwrap_or(rest));
            let Some((name, after)) = dotted(rest).or_else(in_brackets) else { break };
            if names.is_empty() && !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return None;
            }
            names.push(name.to_owned());
            rest = after;
        }
        (!names.is_empty()).then(|| (Self(names), text.len() - rest.len()))
    }
}

fn dotted(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('.')?;
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn bracketed(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('[')?;
    for quote in ['\'', '"'] {
        if let Some(quoted) = text.strip_prefix(quote) {
            let (name, after) = quoted.split_once(quote)?;
            return Some((name, after.strip_prefix(']')?)).filter(|(name, _)| !name.is_empty());
        }
    }
    let (index, after) = text.split_once(']')?;
    (!index.is_empty() && index.bytes().all(|b| b.is_ascii_digit())).then_some((index, after))
}

/// A parameter's text with every JSONPath in it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    raw: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Path(JsonPath),
}

impl Template {
    /// Every text is a template; at worst a static one.
    pub(super) fn parse(raw: &str) -> Self {
        let (mut parts, mut text) = (Vec::new(), String::new());
        let mut rest = raw;
        while let Some(at) = rest.find('$') {
            let (before, from) = rest.split_at(at);
            text.push_str(before);
            if let Some((path, length)) = JsonPath::read(from) {
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(Part::Path(path));
                rest = from.get(length..).unwrap_or_default();
            } else {
                text.push('$');
                rest = from.get(1..).unwrap_or_default();
            }
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Self { raw: raw.to_owned(), parts }
    }

    /// As it is written.
    pub(super) fn raw(&self) -> &str {
        &self.raw
    }

    /// The text, where no JSONPath is in it.
    pub(super) fn as_static(&self) -> Option<&str> {
        self.parts.iter().all(|part| matches!(part, Part::Text(_))).then_some(self.raw.as_str())
    }

    /// The JSONPath, where the whole text is one.
    pub(super) fn one_path(&self) -> Option<&JsonPath> {
        match self.parts.as_slice() {
            [Part::Path(path)] => Some(path),
            _ => None,
        }
    }

    /// Whether the whole text is one JSONPath.
    pub(super) fn is_one_path(&self) -> bool {
        self.one_path().is_some()
    }

    /// Whether a template's placeholder (`${Queue.Arn}`, `{{QUEUE}}`) is in it: what it will be is not known before it is
    /// deployed.
    pub(super) fn has_placeholder(&self) -> bool {
        [("${", "}"), ("{{", "}}")].into_iter().any(|(open, close)| {
            self.raw.split(open).skip(1).filter_map(|rest| rest.split_once(close)).any(|(name, _)| {
                let name = name.trim();
                name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '_' | '-'))
            })
        })
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &JsonPath> {
        self.parts.iter().filter_map(|part| match part {
            Part::Path(path) => Some(path),
            Part::Text(_) => None,
        })
    }

    /// The text with every path replaced by its value.
    pub(super) fn fill(&self, value_of: impl Fn(&JsonPath) -> String) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Path(path) => value_of(path),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(raw: &str) -> String {
        Template::parse(raw).fill(|path| format!("<{}>", path.names().join("|")))
    }

    #[test]
    fn paths_are_found_in_text() {
        for (raw, expected) in [
            ("no path", "no path"),
            ("$.Attributes.city", "<Attributes|city>"),
            ("My name is $.Name.", "My name is <Name>."),
            ("$.Attributes.a.b", "<Attributes|a>.b"),
            ("$.External.a.b, $.External['c d'][\"e\"][0]!", "<External|a|b>, <External|c d|e|0>!"),
            ("$.SegmentAttributes['connect:Subtype']", "<SegmentAttributes|connect:Subtype>"),
            ("$['Attributes']['x']y", "<Attributes|x>y"),
            ("$.Attributes.a$.Attributes.b", "<Attributes|a><Attributes|b>"),
            ("$5 and $.50 and $. and $", "$5 and $.50 and $. and $"),
            ("$.Queue['Name", "<Queue>['Name"),
            ("$.Attributes.name您好", "<Attributes|name>您好"),
            ("Hello $.Attributes.['first name'].", "Hello <Attributes|first name>."),
            ("$.External.['a b'].[\"c\"].d", "<External|a b|c|d>"),
            ("$.Name.[x]", "<Name>.[x]"),
            ("$[0]", "$[0]"),
            ("", ""),
        ] {
            assert_eq!(shown(raw), expected, "{raw}");
        }
    }

    #[test]
    fn whole_paths_and_static_texts_are_told_apart() {
        assert!(Template::parse("$.Attributes.x").is_one_path());
        assert!(!Template::parse(" $.Attributes.x").is_one_path());
        assert_eq!(Template::parse("a $b").as_static(), Some("a $b"));
        assert_eq!(Template::parse("a $.b").as_static(), None);
        for (raw, expected) in [
            ("${Queue.Arn}", true),
            ("a ${AWS::Region}b", true),
            ("${}", false),
            ("$ {a}", false),
            ("${a b}", false),
            ("{{QUEUE_ARN}}", true),
            ("{{ a }}", true),
            ("{a}", false),
        ] {
            assert_eq!(Template::parse(raw).has_placeholder(), expected, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn a_text_whose_paths_stand_for_themselves_does_not_change(raw in "[$.\\[\\]'\"a-z0-9 é]{0,40}") {
            let template = Template::parse(&raw);
            prop_assert_eq!(template.raw(), raw.as_str());
            if template.as_static().is_some() {
                prop_assert_eq!(template.fill(|_| String::new()), raw);
            }
        }
    }
}
