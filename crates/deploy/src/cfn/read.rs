//! Reads a template: YAML with short tags, or JSON, which is YAML.

use relevo_agents::definition::{
    Problem, Spot,
    node::{Node, Value as Tree},
    suggest,
};
use serde_json::{Map, Value};

use super::short;

/// The long form of a document. `file` is for the problem.
///
/// # Errors
/// It is no YAML, a key is repeated, or a tag is no function of `CloudFormation`: the first of these, with its place.
pub fn read(text: &str, file: &str) -> Result<Value, Problem> {
    value(&Node::parse(text, file)?, file)
}

fn value(node: &Node, file: &str) -> Result<Value, Problem> {
    let tag = node.tag.as_deref().and_then(|tag| tag.strip_prefix('!'));
    let plain = match (&node.value, tag) {
        // What a function is given is a text, whatever it looks like.
        (Tree::Scalar { written, .. }, Some(_)) => Value::String(written.clone()),
        (Tree::Null, Some(_)) => Value::String(String::new()),
        (tree, _) => of_tree(tree, file)?,
    };
    let Some(name) = tag else { return Ok(plain) };
    short::long(name, plain).ok_or_else(|| {
        Problem::new(file, node.spot, format!("`!{name}` is no function of CloudFormation"))
            .with_hint(suggest(name, short::names()).filter(|hint| hint.starts_with("did")))
    })
}

fn of_tree(tree: &Tree, file: &str) -> Result<Value, Problem> {
    Ok(match tree {
        Tree::Null => Value::Null,
        Tree::Text(text) => Value::String(text.clone()),
        Tree::Scalar { scalar, .. } => scalar.json(),
        Tree::List(items) => Value::Array(items.iter().map(|item| value(item, file)).collect::<Result<_, _>>()?),
        Tree::Map(entries) => {
            let mut map = Map::new();
            for (key, node) in entries {
                if map.insert(key.name.clone(), value(node, file)?).is_some() {
                    return Err(repeated(&key.name, key.spot, file));
                }
            }
            Value::Object(map)
        }
    })
}

fn repeated(key: &str, spot: Spot, file: &str) -> Problem {
    Problem::new(file, spot, format!("the key `{key}` is repeated"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_tags_become_their_long_form() {
        for (short, long) in [
            ("!Ref X", json!({"Ref": "X"})),
            ("!Ref 12", json!({"Ref": "12"})),
            ("!Ref AWS::AccountId", json!({"Ref": "AWS::AccountId"})),
            ("!Sub 'a ${X}'", json!({"Fn::Sub": "a ${X}"})),
            ("!Sub ['${A}', {A: !Ref B}]", json!({"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]})),
            ("!GetAtt A.Outputs.B", json!({"Fn::GetAtt": ["A", "Outputs.B"]})),
            ("!GetAtt [A, Arn]", json!({"Fn::GetAtt": ["A", "Arn"]})),
            (
                "!If [IsOn, !Ref A, !Ref AWS::NoValue]",
                json!({"Fn::If": ["IsOn", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}),
            ),
            ("!Not [!Equals [!Ref A, '']]", json!({"Fn::Not": [{"Fn::Equals": [{"Ref": "A"}, ""]}]})),
            (
                "!And [!Condition A, !Or [!Condition B, {Condition: C}]]",
                json!({"Fn::And": [{"Condition": "A"}, {"Fn::Or": [{"Condition": "B"}, {"Condition": "C"}]}]}),
            ),
            (
                "!Select [0, !Split [',', !ImportValue n]]",
                json!({"Fn::Select": [0, {"Fn::Split": [",", {"Fn::ImportValue": "n"}]}]}),
            ),
            ("!FindInMap [M, !Ref R, k]", json!({"Fn::FindInMap": ["M", {"Ref": "R"}, "k"]})),
            ("{Fn::Base64: !Join ['', [a, b]]}", json!({"Fn::Base64": {"Fn::Join": ["", ["a", "b"]]}})),
            ("!GetAZs ''", json!({"Fn::GetAZs": ""})),
            (
                "!Transform {Name: AWS::Include, Parameters: {Location: s}}",
                json!({"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s"}}}),
            ),
            (r#"{"Resources": {"A": {"Ref": "X"}}}"#, json!({"Resources": {"A": {"Ref": "X"}}})),
            ("!!str 12", json!("12")),
            ("Version: 2012-10-17", json!({"Version": "2012-10-17"})),
            ("Mappings: {123456789012: {a: 012}}", json!({"Mappings": {"123456789012": {"a": "012"}}})),
        ] {
            assert_eq!(read(short, "t.yaml").map_err(|it| it.to_string()), Ok(long), "{short}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, says) in [
            ("a: 1\nb: !Reff X\n", "t.yaml:2:10: `!Reff` is no function of CloudFormation (did you mean `Ref`?)"),
            ("a: 1\nb: 2\na: 3\n", "t.yaml:3:1: the key `a` is repeated"),
        ] {
            assert_eq!(read(text, "t.yaml").unwrap_err().to_string(), says);
        }
        assert!(read("a: [1\nb: 2", "t.yaml").unwrap_err().line >= 1);
    }
}
