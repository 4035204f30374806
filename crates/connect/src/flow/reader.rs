//! Reading an action's parameters: each problem is noted and the reading goes on, so that all come at once.

use std::{collections::BTreeMap, ops::RangeInclusive};

use super::{
    json::{Json, Kind, Member},
    problem::Problems,
    scope::{self, Scope},
    template::Template,
};

/// A whole number in a range: written down, or one JSONPath that is looked up when the action is entered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Whole {
    template: Template,
    range: RangeInclusive<i64>,
}

/// Parameters that AWS's pages take one of in an action. Nobody has seen the service refuse two.
const EXCLUSIVE: [&[&str]; 3] =
    [&["QueueId", "AgentId"], &["Text", "SSML", "PromptId"], &["QueuePriority", "QueueTimeAdjustmentSeconds"]];

impl Whole {
    /// What stands for a number that could not be read: it has no value.
    pub(super) fn unread() -> Self {
        Self { template: unread(), range: 0..=0 }
    }

    /// The number; `None` where the value is none, or out of range.
    pub(super) fn value(&self, scope: &Scope<'_>) -> Option<i64> {
        scope.fill(&self.template).trim().parse().ok().filter(|number| self.range.contains(number))
    }
}

/// The parameters of one action, or the object in one of them.
pub(super) struct Reader<'a> {
    members: &'a [Member],
    line: usize,
    problems: &'a mut Problems,
    known: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// The members of an object; an absent object is an empty one.
    pub(super) fn new(object: Option<&'a Json>, line: usize, problems: &'a mut Problems) -> Self {
        if let Some(wrong) = object.filter(|json| json.as_object().is_none()) {
            problems.error(
                "wrong-type",
                wrong.line,
                format!("Parameters must be an object, this is {}", wrong.type_name()),
            );
        }
        let members = object.and_then(Json::as_object).unwrap_or_default();
        repeated_keys(members, problems);
        Self { members, line: object.map_or(line, |json| json.line), problems, known: Vec::new() }
    }

    /// Where the object begins, for a problem of several parameters together.
    pub(super) fn error(&mut self, code: &'static str, message: impl Into<String>) {
        self.problems.error(code, self.line, message);
    }

    /// Something that runs, but not as its author may think.
    pub(super) fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        self.problems.warn(code, self.line, message);
    }

    /// Something that is worth a word.
    pub(super) fn note(&mut self, code: &'static str, message: impl Into<String>) {
        self.problems.note(code, self.line, message);
    }

    /// A parameter that must be there and is not.
    pub(super) fn require(&mut self, name: &'static str) {
        if self.find(name).is_none() {
            self.missing(name);
        }
    }

    fn find(&mut self, name: &'static str) -> Option<&'a Member> {
        self.known.push(name);
        self.members.iter().rev().find(|member| member.key == name)
    }

    fn missing(&mut self, name: &str) {
        let keys: Vec<&str> =
            self.members.iter().map(|m| m.key.as_str()).filter(|key| !self.known.contains(key)).collect();
        let problem = self.problems.error("missing-parameter", self.line, format!("the parameter {name} is missing"));
        if !keys.is_empty() {
            problem.hint(format!("there is {}", keys.join(", ")));
        }
    }

    /// An optional text, placeholders allowed.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Template> {
        let member = self.find(name)?;
        text(name, &member.value, self.problems)
    }

    /// A text that must be there. Where it is not, an empty one stands for it: the flow is refused, and the action's ways
    /// are looked at all the same.
    pub(super) fn required_text(&mut self, name: &'static str) -> Template {
        if self.find(name).is_none() {
            self.missing(name);
        }
        self.text(name).unwrap_or_else(unread)
    }

    /// Warns of a parameter that is text with a JSONPath in it, where AWS's page takes a plain value or one JSONPath.
    pub(super) fn not_mixed(&mut self, name: &'static str) {
        let Some(member) = self.find(name) else { return };
        let template = Template::parse(member.value.as_str().unwrap_or_default());
        if template.paths().next().is_some() && !template.is_one_path() {
            self.problems
                .warn("mixed-value", member.value.line, format!("{name} is text with a JSONPath in it"))
                .hint("AWS's page takes a plain value, or one JSONPath and nothing else: build it in an attribute");
        }
    }

    /// One of a few words.
    pub(super) fn word(&mut self, name: &'static str, allowed: &[&'static str]) -> Option<&'static str> {
        let member = self.find(name)?;
        let written = text(name, &member.value, self.problems)?;
        one_of(name, written.raw(), member.value.line, allowed, self.problems)
    }

    /// One of a few words, or one JSONPath that leads to it.
    pub(super) fn word_or_path(&mut self, name: &'static str, allowed: &[&'static str]) -> Option<Template> {
        let member = self.find(name)?;
        let written = text(name, &member.value, self.problems)?;
        if !written.is_one_path() {
            one_of(name, written.raw(), member.value.line, allowed, self.problems)?;
        }
        Some(written)
    }

    /// One of a few words, which must be there.
    pub(super) fn required_word(&mut self, name: &'static str, allowed: &[&'static str]) -> Option<&'static str> {
        if self.find(name).is_none() {
            self.missing(name);
        }
        self.word(name, allowed)
    }

    /// A whole number in a range, as a string, or one JSONPath; it must be there. What is wrong with it is told, and does
    /// not hide what is wrong with the rest of the action.
    pub(super) fn whole(&mut self, name: &'static str, range: RangeInclusive<i64>) -> Whole {
        self.number(name, range, ", or one JSONPath")
    }

    /// A whole number that AWS's page wants written down; a JSONPath is looked up here all the same.
    pub(super) fn static_whole(&mut self, name: &'static str, range: RangeInclusive<i64>) -> Whole {
        let whole = self.number(name, range, "");
        if let Some(line) = self.line_of(name).filter(|_| whole.template.is_one_path()) {
            self.problems
                .warn("not-static", line, format!("{name} is a JSONPath, and AWS's page wants the number itself"))
                .hint("write the number");
        }
        whole
    }

    fn number(&mut self, name: &'static str, range: RangeInclusive<i64>, or_what: &str) -> Whole {
        let Some(member) = self.find(name) else {
            self.missing(name);
            return Whole::unread();
        };
        let Some(template) = text(name, &member.value, self.problems) else { return Whole::unread() };
        let in_range = template.raw().parse().is_ok_and(|number: i64| range.contains(&number));
        if !in_range && !template.is_one_path() && !template.has_placeholder() {
            let (least, most) = (range.start(), range.end());
            self.problems
                .error("out-of-range", member.value.line, format!("{name} is \"{}\"", template.raw()))
                .hint(format!("a whole number from \"{least}\" to \"{most}\"{or_what}"));
        }
        Whole { template, range }
    }

    /// Whether nothing stands in the object.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether a parameter is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.key == name)
    }

    /// A value of any shape, as it is written.
    pub(super) fn any(&mut self, name: &'static str) -> Option<&'a Json> {
        self.find(name).map(|member| &member.value)
    }

    /// Whatever else is there is taken: the pages of this action are not all published.
    pub(super) fn anything(mut self) {
        self.members = &[];
        self.finish();
    }

    /// A list of texts, such as `TagKeys`.
    pub(super) fn text_list(&mut self, name: &'static str) -> Option<Vec<Template>> {
        let member = self.find(name)?;
        let Some(items) = member.value.as_array() else {
            wrong_type(name, "a list of strings", &member.value, self.problems);
            return None;
        };
        Some(items.iter().filter_map(|item| text(name, item, self.problems)).collect())
    }

    /// A list of words.
    pub(super) fn words(&mut self, name: &'static str, allowed: &[&'static str]) -> Vec<&'static str> {
        let Some(member) = self.find(name) else { return Vec::new() };
        let Some(items) = member.value.as_array() else {
            wrong_type(name, "a list of strings", &member.value, self.problems);
            return Vec::new();
        };
        let mut words = Vec::new();
        for item in items {
            if let Some(written) = text(name, item, self.problems) {
                words.extend(one_of(name, written.raw(), item.line, allowed, self.problems));
            }
        }
        words
    }

    /// An object of texts, such as `Attributes`.
    pub(super) fn texts(&mut self, name: &'static str) -> Option<BTreeMap<String, Template>> {
        let member = self.find(name)?;
        let Some(members) = member.value.as_object() else {
            wrong_type(name, "an object of strings", &member.value, self.problems);
            return None;
        };
        repeated_keys(members, self.problems);
        let mut texts = BTreeMap::new();
        for inner in members {
            if let Some(template) = text(&inner.key, &inner.value, self.problems) {
                texts.insert(inner.key.clone(), template);
            }
        }
        Some(texts)
    }

    /// An object of texts that must be there.
    pub(super) fn required_texts(&mut self, name: &'static str) -> Option<BTreeMap<String, Template>> {
        if self.find(name).is_none() {
            self.missing(name);
        }
        self.texts(name)
    }

    /// An object of objects, each with one text: `{"k": {"Value": "v"}}`.
    pub(super) fn required_nested_texts(
        &mut self,
        name: &'static str,
        inner: &'static str,
    ) -> Option<BTreeMap<String, Template>> {
        let Some(member) = self.find(name) else {
            self.missing(name);
            return None;
        };
        let Some(members) = member.value.as_object() else {
            wrong_type(name, "an object", &member.value, self.problems);
            return None;
        };
        repeated_keys(members, self.problems);
        let mut texts = BTreeMap::new();
        for outer in members {
            if outer.value.as_object().is_none() {
                wrong_type(&outer.key, &format!("an object with {inner}"), &outer.value, self.problems);
                continue;
            }
            let mut reader = Reader::new(Some(&outer.value), outer.line, self.problems);
            let template = reader.required_text(inner);
            reader.finish();
            texts.insert(outer.key.clone(), template);
        }
        Some(texts)
    }

    /// An optional object with parameters of its own.
    pub(super) fn object<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Reader<'_>) -> T) -> Option<T> {
        let member = self.find(name)?;
        if member.value.as_object().is_none() {
            wrong_type(name, "an object", &member.value, self.problems);
            return None;
        }
        let mut reader = Reader::new(Some(&member.value), member.line, self.problems);
        let value = read(&mut reader);
        reader.finish();
        Some(value)
    }

    /// A parameter that changes nothing here: only strings may be in it.
    pub(super) fn ignored(&mut self, name: &'static str) -> bool {
        let member = self.find(name);
        if let Some(member) = member {
            strings_only(name, &member.value, self.problems);
        }
        member.is_some()
    }

    /// What only a call can be given to hear. Where it is there without a text, a chat takes the error branch.
    pub(super) fn voice_only(&mut self) -> bool {
        let mut there = false;
        let has_text = self.has("Text");
        for name in ["PromptId", "SSML", "Media"] {
            if let Some(member) = self.find(name) {
                there = true;
                let what = format!("{name} is for calls, and a chat has text only");
                if has_text {
                    self.problems.warn("voice-only", member.line, format!("{what}: it is told the Text"));
                } else {
                    let message = format!("{what}: it takes the error branch");
                    self.problems.warn("voice-only", member.line, message).hint("give it a Text");
                }
            }
        }
        there
    }

    /// A parameter that needs what is not here. Where it is there, the error branch is taken.
    pub(super) fn not_here(&mut self, name: &'static str, why: &str) -> bool {
        let Some(member) = self.find(name) else { return false };
        self.problems.warn("no-service-here", member.line, format!("{name}: {why}, so the error branch is taken"));
        true
    }

    /// Parameters that change nothing here.
    pub(super) fn without_effect(&mut self, names: &[&'static str]) {
        for name in names {
            if let Some(member) = self.find(name) {
                self.problems.note("no-effect-here", member.line, format!("{name} changes nothing here"));
            }
        }
    }

    /// A parameter with this name, for a check of its own.
    pub(super) fn line_of(&mut self, name: &'static str) -> Option<usize> {
        self.find(name).map(|member| member.line)
    }

    /// A problem at a line of its own.
    pub(super) fn error_at(&mut self, code: &'static str, line: usize, message: &str, hint: &str) {
        self.problems.error(code, line, message).hint(hint);
    }

    /// Whatever was not asked for is unknown, and what excludes each other is not there twice.
    pub(super) fn finish(self) {
        for group in EXCLUSIVE {
            let both: Vec<&str> =
                group.iter().copied().filter(|name| self.has(name) && self.known.contains(name)).collect();
            if both.len() > 1 {
                let message = format!("{} exclude each other: AWS's page takes one of them", both.join(" and "));
                self.problems.warn("too-many-parameters", self.line, message).hint("take one out");
            }
        }
        for member in self.members.iter().filter(|member| !self.known.contains(&member.key.as_str())) {
            let message = format!("the action has no parameter {}", member.key);
            let names = self.known.iter().copied();
            self.problems.error("unknown-parameter", member.line, message).did_you_mean(&member.key, names);
        }
    }
}

/// A string that is not empty; a JSONPath in it that leads nowhere is warned of.
pub(super) fn text(name: &str, json: &Json, problems: &mut Problems) -> Option<Template> {
    let Some(raw) = json.as_str() else {
        wrong_type(name, "a string", json, problems);
        return None;
    };
    if raw.is_empty() {
        problems.error("empty-string", json.line, format!("{name} is empty, and Connect takes no empty string"));
        return None;
    }
    let template = Template::parse(raw);
    for path in template.paths() {
        scope::check_path(path, json.line, problems);
    }
    Some(template)
}

/// What stands for a text that could not be read, in a flow that is refused for it.
fn unread() -> Template {
    Template::parse("")
}

/// A key that stands twice in one object: only the last would count.
pub(super) fn repeated_keys(members: &[Member], problems: &mut Problems) {
    let mut seen = std::collections::HashSet::new();
    for member in members.iter().filter(|member| !seen.insert(member.key.as_str())) {
        problems.error("duplicate-key", member.line, format!("{} stands here twice", member.key));
    }
}

/// Notes that a value is of the wrong type; what should be a string gets the remedy.
pub(super) fn wrong_type(name: &str, wanted: &str, json: &Json, problems: &mut Problems) {
    let problem =
        problems.error("wrong-type", json.line, format!("{name} must be {wanted}, this is {}", json.type_name()));
    match &json.kind {
        Kind::Other(_, value) if wanted == "a string" && value.is_null() => {
            problem.hint("write a string, or take it out");
        }
        Kind::Other(..) if wanted == "a string" => {
            problem.hint("in a flow, numbers and booleans are strings too: write them in quotes");
        }
        _ => {}
    }
}

fn one_of(
    name: &str,
    written: &str,
    line: usize,
    allowed: &[&'static str],
    problems: &mut Problems,
) -> Option<&'static str> {
    if Template::parse(written).has_placeholder() {
        // Which of the words it will be is not known before it is deployed.
        return allowed.first().copied();
    }
    let found = allowed.iter().copied().find(|word| *word == written);
    if found.is_none() {
        let message = format!("{name} cannot be \"{written}\"");
        problems.error("not-allowed-value", line, message).did_you_mean(written, allowed.iter().copied());
    }
    found
}

fn strings_only(name: &str, json: &Json, problems: &mut Problems) {
    match &json.kind {
        Kind::Object(members) => {
            repeated_keys(members, problems);
            for member in members {
                strings_only(&member.key, &member.value, problems);
            }
        }
        Kind::Array(items) => items.iter().for_each(|item| strings_only(name, item, problems)),
        Kind::String(_) | Kind::Other(..) => {
            text(name, json, problems);
        }
    }
}
