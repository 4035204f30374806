//! Tools and tables.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Definition, Place, action_groups, executors, functions};
use crate::definition::{
    agent::Function,
    tool::{ALL, Insert, Lookup, Tool, Value},
};

/// Fewer are guessed too easily, more fit no ticket.
const RANDOM_DIGITS: std::ops::RangeInclusive<u8> = 6..=32;

pub(super) fn check<C>(check: &mut Check<'_>, definition: &Definition<C>, root: Place<'_>, with_data: bool) {
    let tables = Tables::of(definition, with_data);
    let all = functions(&definition.agent);
    let groups = action_groups(&definition.agent);
    let groups: BTreeSet<&str> = groups.iter().map(|group| group.action_group_name.as_str()).collect();
    let place = root.value("tools");
    for (group, tools) in &definition.tools {
        if !groups.contains(group.as_str()) {
            check.unknown(place.entry(group), "action group", group, groups.iter().copied());
            continue;
        }
        let of_group = || all.iter().filter(|(g, _)| &g.action_group_name == group).map(|(_, f)| *f);
        for (name, tool) in tools {
            let entry = place.value(group).entry(name);
            if name == ALL {
                let functions: Vec<&Function> = of_group().collect();
                executors::of_group(check, definition, tool, &functions, place.value(group).entry(name));
                continue;
            }
            match of_group().find(|function| function.is_called(name)) {
                None if check.unread.contains(group) => {}
                None => check.unknown(entry, "function", name, of_group().map(|function| function.name.as_str())),
                Some(function) => {
                    tool_of(check, &tables, tool, function, place.value(group).value(name));
                    executors::of_function(check, definition, tool, function, place.value(group).value(name));
                }
            }
        }
    }
    executors::servers(check, definition, root.value("mcpServers"));
    for (name, table) in &definition.tables {
        if table.key.trim().is_empty() {
            check.at(root.value("tables").value(name).value("key"), format!("the table `{name}` has no key column"));
        }
    }
}

fn tool_of(check: &mut Check<'_>, tables: &Tables<'_>, tool: &Tool, function: &Function, place: Place<'_>) {
    match tool {
        Tool::Lookup(lookup) => tables.lookup(check, lookup, function, place.value("lookup")),
        Tool::Insert(insert) => tables.insert(check, insert, function, place.value("insert")),
        Tool::Http(_) | Tool::Lambda(_) | Tool::Mcp(_) => {}
    }
}

/// The columns of each table: those of its file, and those that inserts write. `None`: not known.
struct Tables<'d> {
    columns: BTreeMap<&'d str, Option<BTreeSet<&'d str>>>,
    keys: BTreeMap<&'d str, &'d str>,
}

impl<'d> Tables<'d> {
    fn of<C>(definition: &'d Definition<C>, with_data: bool) -> Self {
        let mut columns: BTreeMap<&str, Option<BTreeSet<&str>>> = BTreeMap::new();
        for (name, table) in &definition.tables {
            let from_file = match (&table.data, definition.rows.get(name)) {
                (Some(_), Some(rows)) if with_data && !rows.is_empty() => {
                    Some(rows.iter().flat_map(|row| row.keys().map(String::as_str)).collect())
                }
                (Some(_), _) => None,
                (None, _) => Some(BTreeSet::new()),
            };
            columns.insert(name, from_file);
        }
        for tool in definition.tools.values().flat_map(BTreeMap::values) {
            if let Tool::Insert(insert) = tool
                && let Some(Some(known)) = columns.get_mut(insert.table.as_str())
            {
                known.extend(insert.row.keys().map(String::as_str));
            }
        }
        let keys = definition.tables.iter().map(|(name, table)| (name.as_str(), table.key.as_str())).collect();
        Self { columns, keys }
    }

    fn lookup(&self, check: &mut Check<'_>, lookup: &Lookup, function: &Function, place: Place<'_>) {
        self.matching(check, &lookup.table, &lookup.r#match, function, place);
        self.returned(check, &lookup.table, &lookup.r#return, "found", place);
    }

    fn insert(&self, check: &mut Check<'_>, insert: &Insert, function: &Function, place: Place<'_>) {
        if let Some(requires) = &insert.requires {
            self.matching(check, &requires.table, &requires.r#match, function, place.value("requires"));
        }
        if !self.table(check, &insert.table, place) {
            return;
        }
        let row = place.value("row");
        if let Some(key) = self.keys.get(insert.table.as_str())
            && !insert.row.contains_key(*key)
        {
            check.at(place.entry("row"), format!("the row does not set `{key}`, the key of table `{}`", insert.table));
        }
        for (column, value) in &insert.row {
            match value {
                Value::Parameter(parameter) => {
                    Self::parameter(check, parameter, function, row.value(column).value("parameter"));
                }
                Value::RandomDigits(digits) if !RANDOM_DIGITS.contains(digits) => {
                    let message = format!(
                        "randomDigits is {digits}; it must be {} to {}",
                        RANDOM_DIGITS.start(),
                        RANDOM_DIGITS.end()
                    );
                    check.at(row.value(column).value("randomDigits"), message);
                }
                _ => {}
            }
        }
        self.returned(check, &insert.table, &insert.r#return, "inserted", place);
    }

    fn table(&self, check: &mut Check<'_>, table: &str, place: Place<'_>) -> bool {
        let known = self.columns.contains_key(table);
        if !known {
            check.unknown(place.value("table"), "table", table, self.columns.keys().copied());
        }
        known
    }

    fn column(&self, check: &mut Check<'_>, table: &str, column: &str, place: Place<'_>) {
        if let Some(Some(columns)) = self.columns.get(table)
            && !columns.contains(column)
        {
            check.unknown(place, "column", column, columns.iter().copied());
        }
    }

    fn matching(
        &self,
        check: &mut Check<'_>,
        table: &str,
        matching: &BTreeMap<String, String>,
        function: &Function,
        place: Place<'_>,
    ) {
        if !self.table(check, table, place) {
            return;
        }
        if matching.is_empty() {
            check.at(place.entry("match"), "nothing to match: every row would do".into());
        }
        for (column, parameter) in matching {
            self.column(check, table, column, place.value("match").entry(column));
            Self::parameter(check, parameter, function, place.value("match").value(column));
        }
    }

    fn parameter(check: &mut Check<'_>, name: &str, function: &Function, place: Place<'_>) {
        if !function.parameters.contains_key(name) {
            let what = format!("parameter of `{}`", function.name);
            check.unknown(place, &what, name, function.parameters.keys().map(String::as_str));
        }
    }

    fn returned(&self, check: &mut Check<'_>, table: &str, columns: &[String], flag: &str, place: Place<'_>) {
        for (index, column) in columns.iter().enumerate() {
            let at = place.value("return").item(index);
            if column == flag {
                check.at(at, format!("`{flag}` is a member of the answer itself; the column needs another name"));
            }
            self.column(check, table, column, at);
        }
    }
}
