//! The JSON Schema of the manifest (draft 2020-12), for editors. Made from the field tables, so it cannot know more or less
//! than the reader does; shapes of names and versions it leaves to the reader, which says why.

use super::{Section, fields};
use crate::yaml::{Field, Wanted};
use serde_json::{Map, Value, json};

/// The schema of a whole manifest with the keys of these providers.
pub fn schema(sections: &[Section]) -> Value {
    let mut top = object(fields::MANIFEST);
    top["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    top["title"] = json!("aether.yaml");
    top["description"] = json!("one manifest of an AI project: environments, host groups and clusters");
    for (section, definition) in
        [("environments", "environment"), ("hosts", "host-group"), ("clusters", "cluster"), ("variables", "variable")]
    {
        top["properties"][section]["additionalProperties"] = json!({ "$ref": format!("#/$defs/{definition}") });
    }
    top["properties"]["mirrors"] = or_nothing(object(fields::MIRRORS));
    top["properties"]["mirrors"]["description"] = json!(about("mirrors"));
    top["$defs"] = json!({
        "environment": or_nothing(object(fields::ENVIRONMENT)),
        "variable": or_nothing(object(fields::VARIABLE)),
        "host-group": with_providers(fields::HOST_GROUP, sections),
        "cluster": with_providers(fields::CLUSTER, sections),
    });
    top
}

/// What the top of the file says of a key.
fn about(key: &str) -> &'static str {
    fields::MANIFEST.iter().find(|field| field.name == key).map_or("", |field| field.about)
}

/// A mapping with these keys and no others.
fn object(fields: &[Field]) -> Value {
    json!({
        "type": "object",
        "properties": properties(fields),
        "required": required(fields),
        "additionalProperties": false,
    })
}

fn or_nothing(mut object: Value) -> Value {
    object["type"] = json!(["object", "null"]);
    object
}

/// A mapping whose other keys follow from its `provider`.
fn with_providers(common: &[Field], sections: &[Section]) -> Value {
    let provider = sections.iter().map(|s| json!({ "const": s.provider, "description": s.about }));
    let mut properties = properties(common);
    properties.insert("provider".to_owned(), json!({ "anyOf": provider.chain([reference()]).collect::<Vec<_>>() }));
    let own = |section: &Section| {
        let all: Vec<Field> = common.iter().chain(section.fields).copied().collect();
        json!({
            "if": { "properties": { "provider": { "const": section.provider } }, "required": ["provider"] },
            "then": object(&all),
        })
    };
    json!({
        "type": "object",
        "properties": properties,
        "required": required(common),
        "allOf": sections.iter().map(own).collect::<Vec<_>>(),
    })
}

fn properties(fields: &[Field]) -> Map<String, Value> {
    let property = |field: &Field| {
        let mut value = value(field.wanted);
        value["description"] = json!(field.about);
        (field.name.to_owned(), value)
    };
    fields.iter().map(property).collect()
}

fn required(fields: &[Field]) -> Vec<&'static str> {
    fields.iter().filter(|field| field.is_required).map(|field| field.name).collect()
}

fn value(wanted: Wanted) -> Value {
    match wanted {
        Wanted::Text => json!({ "type": "string" }),
        Wanted::Version => json!({ "type": ["string", "null"] }),
        Wanted::Word(words) => or_reference(&json!({ "enum": words })),
        Wanted::Integer(min, i64::MAX) => or_reference(&json!({ "type": "integer", "minimum": min })),
        Wanted::Integer(min, max) => or_reference(&json!({ "type": "integer", "minimum": min, "maximum": max })),
        Wanted::Amount => or_reference(&json!({ "type": "number", "exclusiveMinimum": 0 })),
        Wanted::Bool => or_reference(&json!({ "type": "boolean" })),
        Wanted::TextList => json!({ "type": ["array", "null"], "items": { "type": "string" } }),
        Wanted::MappingList => json!({ "type": ["array", "null"], "items": { "type": "object" } }),
        Wanted::Mapping => json!({ "type": ["object", "null"] }),
        Wanted::Any => json!({}),
    }
}

fn or_reference(value: &Value) -> Value {
    json!({ "anyOf": [value, reference()] })
}

/// A text with a variable in it, whose value is not known here.
fn reference() -> Value {
    json!({ "type": "string", "pattern": r"\$\{[^}]+\}" })
}
