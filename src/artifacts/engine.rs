//! The template engine of every family: strict, deterministic, without a way to look at the world.
//!
//! A name that the view does not have is an error, and a value that is neither text nor number nor boolean cannot be
//! printed by accident: minijinja would write it the way Python does, which is neither YAML nor JSON.

use crate::ports::{RenderError, Templates};
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};
use serde::Serialize;
use serde_json::ser::Formatter;
use std::io;

/// Instructions that one template may take: enough for ten thousand hosts, and an endless loop ends.
const FUEL: u64 = 100_000_000;

/// The compiled templates of one family.
pub(super) struct Engine<'t> {
    environment: Environment<'t>,
}

impl<'t> Engine<'t> {
    /// Compiles the templates whose names begin with `family/`.
    pub(super) fn new(templates: &'t Templates, family: &str) -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(format);
        environment.set_fuel(Some(FUEL));
        environment.add_filter("yaml", |value: Value| yaml(&value));
        environment.add_filter("hcl", |value: Value| hcl(&value));
        for (name, text) in templates.iter().filter(|(name, _)| in_family(name, family)) {
            environment.add_template(name, text).map_err(|source| RenderError { template: name.clone(), source })?;
        }
        Ok(Self { environment })
    }

    /// Renders one template; the text ends with exactly one line feed.
    pub(super) fn render(&self, template: &str, view: &impl Serialize) -> Result<String, RenderError> {
        let text = self.environment.get_template(template).and_then(|t| t.render(Serde(view)));
        let mut text = text.map_err(|source| RenderError { template: template.to_owned(), source })?;
        text.truncate(text.trim_end_matches('\n').len());
        text.push('\n');
        Ok(text)
    }
}

fn in_family(template: &str, family: &str) -> bool {
    template.strip_prefix(family).is_some_and(|rest| rest.starts_with('/'))
}

fn format(output: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let printed = match value.kind() {
        ValueKind::Bool => output.write_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number | ValueKind::String => output.write_str(&value.to_string()),
        kind => {
            let text = format!("a value of kind {kind} cannot be printed as it is; add `| yaml` or `| hcl`");
            return Err(Error::new(ErrorKind::BadSerialization, text));
        }
    };
    printed.map_err(|_| Error::new(ErrorKind::WriteFailure, "the output is full"))
}

/// A value in YAML's flow style, on one line: text is always quoted, so that nothing in it can mean anything.
fn yaml(value: &Value) -> Result<String, Error> {
    one_line(value, YAML).map_err(no_form)
}

/// A value as an HCL expression, on one line: text is quoted and cannot interpolate.
fn hcl(value: &Value) -> Result<String, Error> {
    hcl_text(value).map_err(no_form)
}

/// As the filter `hcl` writes it, for those who read it back.
pub(super) fn hcl_text(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(one_line(value, HCL)?.replace("${", "$${").replace("%{", "%%{"))
}

fn no_form(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::BadSerialization, "the value has no plain form").with_source(error)
}

fn one_line(value: &impl Serialize, style: Style) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, style))?;
    Ok(escape_unprintable(&String::from_utf8_lossy(&bytes)))
}

/// JSON with the spaces and signs that linters of YAML and HCL want.
#[derive(Clone, Copy)]
struct Style {
    open: &'static str,
    is: &'static str,
    close: &'static str,
}

const YAML: Style = Style { open: "{", is: ": ", close: "}" };
const HCL: Style = Style { open: "{ ", is: " = ", close: " }" };

impl Formatter for Style {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(self.open.as_bytes())
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(self.is.as_bytes())
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(self.close.as_bytes())
    }
}

/// JSON allows raw characters that YAML and HCL do not.
fn escape_unprintable(json: &str) -> String {
    let is_unprintable = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    if !json.contains(is_unprintable) {
        return json.to_owned();
    }
    json.chars().map(|c| if is_unprintable(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::Engine;
    use crate::ports::Templates;
    use std::error::Error;

    fn render(template: &str, view: &serde_json::Value) -> Result<String, String> {
        let templates = Templates::from([("t/one.j2".to_owned(), template.to_owned())]);
        let engine = Engine::new(&templates, "t").map_err(|e| e.source.to_string())?;
        engine.render("t/one.j2", view).map_err(|e| e.source().map_or_else(String::new, ToString::to_string))
    }

    #[test]
    fn booleans_are_written_as_yaml_and_not_as_python() {
        assert_eq!(render("{{ a }} {{ b }}", &serde_json::json!({"a": true, "b": 3})).as_deref(), Ok("true 3\n"));
    }

    #[test]
    fn a_value_that_has_no_plain_form_is_refused() {
        for value in [serde_json::json!(null), serde_json::json!(["a"]), serde_json::json!({"k": 1})] {
            let error = render("{{ a }}", &serde_json::json!({ "a": value })).expect_err("no plain form");
            assert!(error.contains("cannot be printed"), "{error}");
        }
    }

    #[test]
    fn a_name_that_is_not_there_is_refused() {
        let error = render("{{ missing }}", &serde_json::json!({})).expect_err("strict");
        assert!(error.contains("undefined"), "{error}");
    }

    #[test]
    fn quoted_text_cannot_break_out() {
        let view = serde_json::json!({"a": "x\"\n- b: ${c} %{d}\u{85}"});
        assert_eq!(render("{{ a | yaml }}", &view).as_deref(), Ok("\"x\\\"\\n- b: ${c} %{d}\\u0085\"\n"));
        assert_eq!(render("{{ a | hcl }}", &view).as_deref(), Ok("\"x\\\"\\n- b: $${c} %%{d}\\u0085\"\n"));
    }

    #[test]
    fn lists_and_mappings_are_written_as_linters_want_them() {
        let view = serde_json::json!({"a": {"k": [1, "x"], "l": true}});
        assert_eq!(render("{{ a | yaml }}", &view).as_deref(), Ok("{\"k\": [1, \"x\"], \"l\": true}\n"));
        assert_eq!(render("{{ a | hcl }}", &view).as_deref(), Ok("{ \"k\" = [1, \"x\"], \"l\" = true }\n"));
    }

    #[test]
    fn an_endless_loop_ends() {
        let text = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{{ c }}{% endfor %}{% endfor %}{% endfor %}";
        let error = render(text, &serde_json::json!({})).expect_err("no fuel left");
        assert!(error.contains("fuel"), "{error}");
    }
}
