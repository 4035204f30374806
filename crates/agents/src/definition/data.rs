//! A table's first rows: CSV with a header line, or JSON, a list of flat objects.

use std::{
    collections::BTreeSet,
    fs,
    path::{Component, Path},
};

use serde_json::{Map, Value};

/// A row: column to value.
pub type Row = Map<String, Value>;

/// A file's content.
#[derive(Debug, Default)]
pub(super) struct Data {
    /// Every column that occurs.
    pub(super) columns: BTreeSet<String>,
    /// In the file's order.
    pub(super) rows: Vec<Row>,
}

/// Why there is no content.
#[derive(Debug)]
pub(super) enum DataError {
    /// The file itself.
    File(String),
    /// What is in it.
    Content { line: u32, message: String },
}

/// The text of a file below `dir`; why not, for the author.
pub(super) fn text(dir: &Path, file: &str) -> Result<String, String> {
    let path = Path::new(file);
    if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err("it must be a path below the bot's folder".into());
    }
    let text = fs::read_to_string(dir.join(path)).map_err(|error| format!("cannot read it: {error}"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Reads a file below `dir`.
pub(super) fn read(dir: &Path, file: &str) -> Result<Data, DataError> {
    let text = text(dir, file).map_err(DataError::File)?;
    let text = text.as_str();
    match Path::new(file).extension().and_then(|extension| extension.to_str()).map(str::to_lowercase).as_deref() {
        Some("csv") => csv(text),
        Some("json") => json(text),
        _ => Err(DataError::File("it must end with .csv or .json".into())),
    }
}

fn json(text: &str) -> Result<Data, DataError> {
    let rows: Vec<Row> = serde_json::from_str(text).map_err(|error| DataError::Content {
        line: u32::try_from(error.line()).unwrap_or(1).max(1),
        message: format!("not a JSON list of objects: {error}"),
    })?;
    let mut columns = BTreeSet::new();
    for (index, row) in rows.iter().enumerate() {
        for (column, value) in row {
            if value.is_object() || value.is_array() {
                let message = format!("row {}: `{column}` is not a plain value", index + 1);
                return Err(DataError::Content { line: 1, message });
            }
            columns.insert(column.clone());
        }
    }
    Ok(Data { columns, rows })
}

fn csv(text: &str) -> Result<Data, DataError> {
    let first = text.lines().next().unwrap_or_default();
    // Spreadsheets write semicolons where the comma is the decimal sign.
    let separator = if !first.contains(',') && first.contains(';') { ';' } else { ',' };
    let mut records = records(text, separator)?.into_iter();
    let Some((_, header)) = records.next() else { return Ok(Data::default()) };
    let header: Vec<String> = header.into_iter().map(|column| column.trim().to_owned()).collect();
    let mut columns = BTreeSet::new();
    for column in &header {
        if column.is_empty() || !columns.insert(column.clone()) {
            let message = format!("the header has an empty or repeated column `{column}`");
            return Err(DataError::Content { line: 1, message });
        }
    }
    let mut rows = Vec::new();
    for (line, fields) in records {
        if fields.len() != header.len() {
            let message = format!("{} fields, but the header has {}", fields.len(), header.len());
            return Err(DataError::Content { line, message });
        }
        rows.push(header.iter().cloned().zip(fields.into_iter().map(Value::String)).collect());
    }
    Ok(Data { columns, rows })
}

/// RFC 4180: quoted fields may hold separators, line ends and doubled quotes. Empty lines are skipped.
fn records(text: &str, separator: char) -> Result<Vec<(u32, Vec<String>)>, DataError> {
    let mut records = Vec::new();
    let (mut fields, mut field) = (Vec::new(), String::new());
    let (mut quoted, mut was_quoted) = (false, false);
    let (mut line, mut begun) = (1_u32, 1_u32);
    let mut rest = text.chars().peekable();
    loop {
        let next = rest.next();
        match next {
            Some('"') if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                field.push('"');
            }
            Some('"') if quoted => quoted = false,
            Some('"') if field.trim().is_empty() && !was_quoted => {
                field.clear();
                (quoted, was_quoted) = (true, true);
            }
            Some('\n') if quoted => {
                line += 1;
                field.push('\n');
            }
            Some(any) if quoted => field.push(any),
            None if quoted => {
                return Err(DataError::Content { line: begun, message: "a quoted field does not end".into() });
            }
            Some('\r') if rest.peek() == Some(&'\n') => {}
            Some('\n') | None => {
                let blank = fields.is_empty() && field.trim().is_empty() && !was_quoted;
                fields.push(std::mem::take(&mut field));
                let record = std::mem::take(&mut fields);
                if !blank {
                    records.push((begun, record));
                }
                if next.is_none() {
                    return Ok(records);
                }
                was_quoted = false;
                line += 1;
                begun = line;
            }
            Some(any) if any == separator => {
                fields.push(std::mem::take(&mut field));
                was_quoted = false;
            }
            // What stands between a closing quote and the separator has no meaning.
            Some(_) if was_quoted => {}
            Some(any) => field.push(any),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_keeps_quotes_commas_and_line_ends() {
        let data = csv("id,address\r\n1,\"Calle 5, \"\"A\"\"\nSantiago\"\r\n\r\n2,x\r\n").unwrap();
        let rows: Vec<_> = data.rows.iter().map(|row| (row["id"].clone(), row["address"].clone())).collect();
        assert_eq!(rows, [("1".into(), "Calle 5, \"A\"\nSantiago".into()), ("2".into(), "x".into())]);
    }

    #[test]
    fn csv_with_semicolons() {
        let data = csv("id;price\n1;2,50\n").unwrap();
        assert_eq!(data.rows[0]["price"], "2,50");
    }

    #[test]
    fn a_bad_line_is_named() {
        for (text, at) in [("a,b\n1,2\n3\n", 3), ("a,a\n", 1), ("a\n\"x\n", 2)] {
            match csv(text) {
                Err(DataError::Content { line, .. }) => assert_eq!(line, at, "{text:?}"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn json_must_be_flat() {
        assert!(json(r#"[{"a":1,"b":null}]"#).is_ok());
        assert!(json(r#"[{"a":{}}]"#).is_err());
        assert!(json(r#"{"a":1}"#).is_err());
    }

    #[test]
    fn stays_in_the_folder() {
        assert!(matches!(read(Path::new("."), "../x.csv"), Err(DataError::File(_))));
        assert!(matches!(read(Path::new("."), "/etc/x.csv"), Err(DataError::File(_))));
    }
}
