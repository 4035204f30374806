//! Tables: each row is a part, its values under the names of their columns.

use csv::{ReaderBuilder, StringRecord};

use super::{Part, Place, ReadError, squeezed};

pub(super) fn parts(text: &str) -> Result<Vec<Part>, ReadError> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| of(&error))?.clone();
    let mut parts = Vec::new();
    for (number, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|error| of(&error))?;
        parts.push(Part { place: Some(Place::Row(number)), blocks: vec![row(&header, &record)], ..Part::default() });
    }
    Ok(parts)
}

fn row(header: &StringRecord, record: &StringRecord) -> String {
    let line = |(index, value): (usize, &str)| {
        let value = squeezed(value);
        if value.is_empty() {
            return None;
        }
        Some(match header.get(index).map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => format!("{name}: {value}"),
            None => value,
        })
    };
    record.iter().enumerate().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// Spreadsheets write semicolons where the comma is the decimal sign; some write tabs.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: &char| header.matches(*delimiter).count();
    match [',', ';', '\t'].into_iter().rev().max_by_key(count) {
        Some(';') => b';',
        Some('\t') => b'\t',
        _ => b',',
    }
}

fn of(error: &csv::Error) -> ReadError {
    let line = error.position().map_or(1, csv::Position::line);
    ReadError::Table { line, reason: "not a row of a table".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_its_values_under_their_columns() {
        for (text, wanted) in [
            ("Plan,Precio\nBásico,\"1,5\"\n\nPro,\n", vec![("Plan: Básico\nPrecio: 1,5", 1), ("Plan: Pro", 2)]),
            ("Plan;Precio\nPro;2,5\n", vec![("Plan: Pro\nPrecio: 2,5", 1)]),
            ("a\tb\n1\t2\t3\n", vec![("a: 1\nb: 2\n3", 1)]),
            ("q,a\n\"¿Qué?\n Sí\",x\n", vec![("q: ¿Qué? Sí\na: x", 1)]),
        ] {
            let parts = parts(text).unwrap();
            let rows: Vec<(&str, u64)> = parts
                .iter()
                .map(|part| match part.place {
                    Some(Place::Row(number)) => (part.blocks[0].as_str(), number),
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(rows, wanted, "{text}");
        }
    }
}
