//! Fills in templates. Everything this room knows of Jinja's engine is here and in `filters.rs`.
//!
//! A value that is exactly one `{{ expression }}` keeps the expression's type, as in Ansible; any other text with
//! templates in it becomes text. What depends on the result of an earlier task is not known here, and says so.

use super::filters;
use super::scope::{Raw, Scope};
use minijinja::value::{Object, Serde};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, syntax::SyntaxConfig};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// Steps that one template may take; a loop that never ends does.
const FUEL: u64 = 1_000_000;
/// Variables inside variables.
const DEPTH_MAX: usize = 32;

/// The name of the one variable that differs between looking and acting.
pub(super) const CHECK_MODE: &str = "ansible_check_mode";

/// The value that leaves a module's argument out: `{{ omit }}`.
pub(super) const OMITTED: &str = "__omit_place_holder__";

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(FUEL));
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).keep_trailing_newline(true).build() {
        engine.set_syntax(syntax);
    }
    filters::install(&mut engine);
    engine
});

/// Why a template has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TemplateError {
    /// It uses the result of a task, or the mode, which only a running program knows.
    Later(String),
    /// A name that nothing gives a value.
    Undefined(Option<String>),
    /// Anything else, in the engine's words.
    Wrong(String),
}

/// Fills in a raw value: every text in it, at any depth.
pub(super) fn render(raw: &Value, scope: &Scope) -> Result<Value, TemplateError> {
    match raw {
        Value::String(text) => render_text(text, scope),
        Value::Array(items) => items.iter().map(|item| render(item, scope)).collect::<Result<_, _>>().map(Value::Array),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| Ok((text_of(&render_text(key, scope)?), render(value, scope)?)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
        other => Ok(other.clone()),
    }
}

/// Fills in one text.
pub(super) fn render_text(text: &str, scope: &Scope) -> Result<Value, TemplateError> {
    if !has_template(text) {
        return Ok(Value::String(text.to_owned()));
    }
    match sole_expression(text) {
        Some(expression) => evaluate(expression, scope),
        None => render_file(text, scope).map(Value::String),
    }
}

/// Fills in the text of a template file.
pub(super) fn render_file(text: &str, scope: &Scope) -> Result<String, TemplateError> {
    let template = ENGINE.template_from_named_str("template", text).map_err(|error| explain(&error))?;
    refuse_later(template.undeclared_variables(false), scope)?;
    template.render(context(scope, 0)).map_err(|error| explain(&error))
}

/// The value of an expression, as in `when`.
pub(super) fn evaluate(expression: &str, scope: &Scope) -> Result<Value, TemplateError> {
    let compiled = ENGINE.compile_expression(expression).map_err(|error| explain(&error))?;
    refuse_later(compiled.undeclared_variables(false), scope)?;
    let value = compiled.eval(context(scope, 0)).map_err(|error| explain(&error))?;
    if value.is_undefined() {
        return Err(TemplateError::Undefined(Some(expression.trim().to_owned())));
    }
    serde_json::to_value(&value).map_err(|error| TemplateError::Wrong(error.to_string()))
}

/// Which result of a task (or the mode) an expression depends on, variables of variables included.
pub(super) fn later_name(expression: &str, scope: &Scope) -> Option<String> {
    let compiled = ENGINE.compile_expression(expression).ok()?;
    match refuse_later(compiled.undeclared_variables(false), scope) {
        Err(TemplateError::Later(name)) => Some(name),
        _ => None,
    }
}

/// The expression of a text that is exactly one `{{ expression }}`.
pub(super) fn sole_expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let inner = inner.strip_suffix('-').unwrap_or(inner);
    let mut quote = None;
    let mut before = ' ';
    for character in inner.chars() {
        match quote {
            Some(mark) if character == mark && before != '\\' => quote = None,
            None if matches!(character, '\'' | '"') => quote = Some(character),
            None if matches!((before, character), ('{', '{' | '%') | ('}', '}')) => return None,
            _ => {}
        }
        before = character;
    }
    Some(inner)
}

/// Whether a text has anything to fill in.
pub(super) fn has_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// A value as Ansible turns it into text for an argument that wants text.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => String::new(),
        other => minijinja::Value::from(Serde(other)).to_string(),
    }
}

fn refuse_later(names: impl IntoIterator<Item = String>, scope: &Scope) -> Result<(), TemplateError> {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort();
    let mut seen = BTreeSet::new();
    while let Some(name) = names.pop() {
        if name == CHECK_MODE || scope.result(&name).is_some() || scope.may_be_a_fact(&name) {
            return Err(TemplateError::Later(name));
        }
        if seen.insert(name.clone())
            && let Some(Raw::Template(raw)) = scope.get(&name)
        {
            mentioned(raw, &mut names);
        }
    }
    Ok(())
}

/// The names that the templates of a raw value use.
fn mentioned(raw: &Value, names: &mut Vec<String>) {
    match raw {
        Value::String(text) if has_template(text) => {
            if let Ok(template) = ENGINE.template_from_named_str("variable", text) {
                names.extend(template.undeclared_variables(false));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| mentioned(item, names)),
        Value::Object(entries) => entries.values().for_each(|value| mentioned(value, names)),
        _ => {}
    }
}

/// The variables as the engine asks for them: filled in on use, since they may use one another.
#[derive(Debug)]
struct Context {
    scope: Scope,
    depth: usize,
}

fn context(scope: &Scope, depth: usize) -> minijinja::Value {
    minijinja::Value::from_object(Context { scope: scope.clone(), depth })
}

impl Object for Context {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        let name = key.as_str()?;
        if name == "omit" {
            return Some(OMITTED.into());
        }
        let raw = match self.scope.get(name)? {
            Raw::Finished(value) => return Some(Serde(value).into()),
            Raw::Template(raw) => raw,
        };
        if self.depth == DEPTH_MAX {
            let text = format!("`{name}` uses itself");
            return Some(Error::new(ErrorKind::InvalidOperation, text).into());
        }
        Some(self.fill_in(raw).unwrap_or_else(minijinja::Value::from))
    }
}

impl Context {
    fn fill_in(&self, raw: &Value) -> Result<minijinja::Value, Error> {
        let deeper = || context(&self.scope, self.depth + 1);
        match raw {
            Value::String(text) if has_template(text) => match sole_expression(text) {
                Some(expression) => ENGINE.compile_expression(expression)?.eval(deeper()),
                None => ENGINE.template_from_named_str("variable", text)?.render(deeper()).map(Into::into),
            },
            Value::Array(items) => items.iter().map(|item| self.fill_in(item)).collect(),
            Value::Object(entries) => {
                let filled: Result<Vec<_>, Error> =
                    entries.iter().map(|(key, value)| Ok((key.clone(), self.fill_in(value)?))).collect();
                filled.map(minijinja::Value::from_pairs)
            }
            other => Ok(Serde(other).into()),
        }
    }
}

fn explain(error: &Error) -> TemplateError {
    let mut deepest = error;
    while let Some(inner) = std::error::Error::source(deepest).and_then(|source| source.downcast_ref::<Error>()) {
        deepest = inner;
    }
    let detail = deepest.detail().unwrap_or_default();
    if deepest.kind() == ErrorKind::UndefinedError {
        let name = detail.split(['`', '\'']).nth(1).map(str::to_owned);
        return TemplateError::Undefined(name);
    }
    let text = if detail.is_empty() { deepest.kind().to_string() } else { format!("{}: {detail}", deepest.kind()) };
    TemplateError::Wrong(match deepest.line() {
        Some(line) if line > 1 => format!("{text} (line {line})"),
        _ => text,
    })
}

#[cfg(test)]
mod tests {
    use super::{Scope, TemplateError, render_text, sole_expression};
    use crate::playbook::scope::Rank;
    use serde_json::{Value, json};

    fn scope(values: &Value) -> Scope {
        let mut scope = Scope::default();
        scope.add(Rank::Play, values.as_object().cloned().unwrap_or_default());
        scope
    }

    #[test]
    fn a_sole_expression_keeps_its_type() {
        let scope = scope(&json!({ "ports": [80, 443] }));
        assert_eq!(render_text("{{ ports }}", &scope), Ok(json!([80, 443])));
        assert_eq!(render_text("port {{ ports[0] }}", &scope), Ok(json!("port 80")));
    }

    #[test]
    fn two_expressions_are_not_one() {
        assert_eq!(sole_expression("{{ a }}/{{ b }}"), None);
        assert_eq!(sole_expression("{{ '}}' }}"), Some(" '}}' "));
    }

    #[test]
    fn variables_use_one_another() {
        let scope = scope(&json!({ "folder": "{{ prefix }}/x", "prefix": "/opt" }));
        assert_eq!(render_text("{{ folder }}/y", &scope), Ok(json!("/opt/x/y")));
    }

    #[test]
    fn a_variable_that_uses_itself_is_an_error_and_no_endless_loop() {
        let scope = scope(&json!({ "a": "{{ b }}", "b": "{{ a }}" }));
        assert!(
            matches!(render_text("{{ a }}", &scope), Err(TemplateError::Wrong(text)) if text.contains("uses itself"))
        );
    }

    #[test]
    fn an_undefined_name_is_named() {
        let scope = scope(&json!({ "a": "{{ missing }}" }));
        assert!(matches!(render_text("{{ a }}", &scope), Err(TemplateError::Undefined(_))));
    }
}
