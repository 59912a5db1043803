//! What Ansible adds to Jinja: filters, tests and the methods of Python's texts and dictionaries.

use crate::digest::sha256;
use minijinja::value::{Kwargs, Rest, Serde, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};

/// Adds them to an engine.
pub(super) fn install(engine: &mut Environment<'static>) {
    engine.add_filter("bool", |value: &Value| truth(value));
    engine.add_filter("int", |value: &Value, default: Option<i64>| whole(value).or(default).unwrap_or(0));
    engine.add_filter("basename", |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned());
    engine.add_filter("dirname", dirname);
    engine.add_filter("quote", |value: &Value| quote(&value.to_string()));
    engine.add_filter("to_json", to_json);
    engine.add_filter("to_nice_json", to_nice_json);
    engine.add_filter("from_json", |text: &str| {
        serde_json::from_str::<serde_json::Value>(text).map(Serde).map_err(|error| wrong(error.to_string()))
    });
    engine.add_filter("hash", hash);
    engine.add_filter("dict2items", |value: &Value| pairs(value, "key", "value"));
    engine.add_filter("combine", combine);
    engine.add_filter("flatten", flatten);
    engine.add_filter("difference", |a: Vec<Value>, b: Vec<Value>| keep_if(a, |item| !b.contains(item)));
    engine.add_filter("intersect", |a: Vec<Value>, b: Vec<Value>| keep_if(a, |item| b.contains(item)));
    engine.add_filter("union", |a: Vec<Value>, b: Vec<Value>| keep_if(a.into_iter().chain(b).collect(), |_| true));
    engine.add_filter("ternary", |value: &Value, yes: Value, no: Value| if value.is_true() { yes } else { no });
    engine.add_filter("mandatory", |value: Value| {
        if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(value) }
    });
    engine.add_test("version", version_test);
    engine.add_test("truthy", |value: &Value| value.is_true());
    engine.add_test("falsy", |value: &Value| !value.is_true());
    engine.add_test("subset", |a: Vec<Value>, b: Vec<Value>| a.iter().all(|item| b.contains(item)));
    engine.add_test("superset", |a: Vec<Value>, b: Vec<Value>| b.iter().all(|item| a.contains(item)));
    engine.add_test("contains", |a: Vec<Value>, b: Value| a.contains(&b));
    engine.set_unknown_method_callback(method);
}

fn wrong(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, text.into())
}

/// Ansible's `bool`: more words than Jinja's truth.
fn truth(value: &Value) -> Result<bool, Error> {
    if let Some(text) = value.as_str() {
        return Ok(matches!(text.to_lowercase().as_str(), "yes" | "on" | "1" | "true" | "t" | "y"));
    }
    match value.kind() {
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::None => Ok(false),
        _ => Ok(value.is_true()),
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None if value.kind() == ValueKind::Bool => Some(i64::from(value.is_true())),
        None => value.as_i64(),
    }
}

fn dirname(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => folder.trim_end_matches('/').to_owned(),
        None => String::new(),
    }
}

/// One word of a shell, exactly as Python's `shlex.quote` writes it.
fn quote(text: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !text.is_empty() && text.chars().all(is_safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\"'\"'"))
}

fn as_json(value: &Value) -> Result<serde_json::Value, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    serde_json::to_value(value).map_err(|error| wrong(error.to_string()))
}

/// Python's `json.dumps`: a blank after `:` and `,`, and everything but ASCII escaped.
fn to_json(value: &Value) -> Result<String, Error> {
    as_json(value).map(|value| json_text(&value))
}

/// A value as Python's `json.dumps` writes it.
pub(super) fn json_text(value: &serde_json::Value) -> String {
    let mut text = String::new();
    dump(value, None, 0, &mut text);
    text
}

#[expect(clippy::needless_pass_by_value, reason = "the engine hands arguments over")]
fn to_nice_json(value: &Value, kwargs: Kwargs) -> Result<String, Error> {
    let indent = kwargs.get::<Option<usize>>("indent")?.unwrap_or(4);
    kwargs.assert_all_used()?;
    let mut text = String::new();
    dump(&as_json(value)?, Some(indent), 0, &mut text);
    Ok(text)
}

fn dump(value: &serde_json::Value, indent: Option<usize>, depth: usize, text: &mut String) {
    match value {
        serde_json::Value::Array(items) if !items.is_empty() => {
            let entries = items.iter().map(|item| (None, item));
            dump_entries(entries, ('[', ']'), indent, depth, text);
        }
        serde_json::Value::Object(entries) if !entries.is_empty() => {
            let entries = entries.iter().map(|(key, item)| (Some(key), item));
            dump_entries(entries, ('{', '}'), indent, depth, text);
        }
        serde_json::Value::String(string) => dump_text(string, text),
        other => text.push_str(&other.to_string()),
    }
}

fn dump_entries<'a>(
    entries: impl Iterator<Item = (Option<&'a String>, &'a serde_json::Value)>,
    (open, close): (char, char),
    indent: Option<usize>,
    depth: usize,
    text: &mut String,
) {
    let line = |depth: usize, text: &mut String| {
        if let Some(width) = indent {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', width * depth));
        }
    };
    text.push(open);
    for (position, (key, item)) in entries.enumerate() {
        if position > 0 {
            text.push_str(if indent.is_some() { "," } else { ", " });
        }
        line(depth + 1, text);
        if let Some(key) = key {
            dump_text(key, text);
            text.push_str(": ");
        }
        dump(item, indent, depth + 1, text);
    }
    line(depth, text);
    text.push(close);
}

fn dump_text(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            ' '..='~' => text.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text.push('"');
}

fn hash(value: &Value, kind: Option<&str>) -> Result<String, Error> {
    match kind {
        Some("sha256") => Ok(sha256(value.to_string())),
        other => Err(wrong(format!("hash('{}') is not supported; use hash('sha256')", other.unwrap_or("sha1")))),
    }
}

fn pairs(value: &Value, key_name: &str, value_name: &str) -> Result<Vec<Value>, Error> {
    value
        .try_iter()?
        .map(|key| Ok(Value::from_pairs([(key_name, key.clone()), (value_name, value.get_item(&key)?)])))
        .collect()
}

#[expect(clippy::needless_pass_by_value, reason = "the engine hands arguments over")]
fn combine(first: &Value, others: Rest<Value>) -> Result<Value, Error> {
    let mut entries: Vec<(Value, Value)> = Vec::new();
    for map in std::iter::once(first).chain(others.iter()) {
        if map.kind() != ValueKind::Map {
            return Err(wrong(format!("combine wants mappings, not {}", map.kind())));
        }
        for key in map.try_iter()? {
            let value = map.get_item(&key)?;
            entries.retain(|(known, _)| *known != key);
            entries.push((key, value));
        }
    }
    Ok(Value::from_pairs(entries))
}

fn flatten(items: Vec<Value>) -> Result<Vec<Value>, Error> {
    let mut flat = Vec::new();
    for item in items {
        if item.kind() == ValueKind::Seq {
            flat.extend(flatten(item.try_iter()?.collect())?);
        } else {
            flat.push(item);
        }
    }
    Ok(flat)
}

fn keep_if(items: Vec<Value>, is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if is_wanted(&item) && !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

/// `is version('1.2', '>=')`: numbers by value, the rest by text.
fn version_test(value: &Value, other: &Value, operator: Option<&str>) -> Result<bool, Error> {
    let ordering = version_parts(&value.to_string()).cmp(&version_parts(&other.to_string()));
    match operator.unwrap_or("==") {
        "==" | "=" | "eq" => Ok(ordering.is_eq()),
        "!=" | "<>" | "ne" => Ok(ordering.is_ne()),
        "<" | "lt" => Ok(ordering.is_lt()),
        "<=" | "le" => Ok(ordering.is_le()),
        ">" | "gt" => Ok(ordering.is_gt()),
        ">=" | "ge" => Ok(ordering.is_ge()),
        other => Err(wrong(format!("version knows no operator `{other}`"))),
    }
}

fn version_parts(text: &str) -> Vec<(u64, String)> {
    let mut parts = Vec::new();
    for part in text.split(['.', '-', '+', '_']) {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        parts.push((part[..digits].parse().unwrap_or(0), part[digits..].to_owned()));
    }
    parts
}

/// Methods of Python's texts and dictionaries that playbooks use.
fn method(_: &mut State, value: &Value, name: &str, arguments: &[Value]) -> Result<Value, Error> {
    let argument = |position: usize| arguments.get(position).and_then(Value::as_str);
    let unknown = || Error::from(ErrorKind::UnknownMethod);
    if value.kind() == ValueKind::Map {
        return match name {
            "keys" => Ok(value.try_iter()?.collect()),
            "values" => value.try_iter()?.map(|key| value.get_item(&key)).collect(),
            "items" => value.try_iter()?.map(|key| Ok(Value::from(vec![key.clone(), value.get_item(&key)?]))).collect(),
            "get" => {
                let found = arguments.first().map(|key| value.get_item(key)).transpose()?.unwrap_or_default();
                let default = || arguments.get(1).cloned().unwrap_or_else(|| Value::from(()));
                Ok(if found.is_undefined() { default() } else { found })
            }
            _ => Err(unknown()),
        };
    }
    let text = value.as_str().ok_or_else(unknown)?;
    match (name, argument(0), argument(1)) {
        ("startswith", Some(part), _) => Ok(text.starts_with(part).into()),
        ("endswith", Some(part), _) => Ok(text.ends_with(part).into()),
        ("split", Some(by), _) => Ok(text.split(by).map(Value::from).collect()),
        ("split", None, _) => Ok(text.split_whitespace().map(Value::from).collect()),
        ("splitlines", ..) => Ok(text.lines().map(Value::from).collect()),
        ("replace", Some(from), Some(to)) => Ok(text.replace(from, to).into()),
        ("strip", None, _) => Ok(text.trim().into()),
        ("strip", Some(of), _) => Ok(text.trim_matches(|c| of.contains(c)).into()),
        ("lower", ..) => Ok(text.to_lowercase().into()),
        ("upper", ..) => Ok(text.to_uppercase().into()),
        ("join", ..) => {
            let items = arguments.first().ok_or_else(unknown)?.try_iter()?;
            Ok(items.map(|item| item.to_string()).collect::<Vec<_>>().join(text).into())
        }
        _ => Err(unknown()),
    }
}
