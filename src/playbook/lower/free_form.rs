//! Arguments that are written as one text: a command, or `name=value` words.

use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::Arguments;
use crate::playbook::modules::{FreeForm, Module};
use crate::playbook::scope::Scope;
use crate::playbook::shell::split_words;
use crate::playbook::walk::Walker;
use crate::playbook::{problem, template};
use crate::yaml::Node;
use serde_json::Value;

impl Walker<'_> {
    /// `module: text`: a command, or `name=value` words.
    pub(super) fn free_form(
        &mut self,
        line: &str,
        node: &Node,
        module: &'static Module,
        scope: &Scope,
        arguments: &mut Arguments,
    ) -> Option<()> {
        let filled = match template::render_text(line, scope) {
            Ok(value) => template::text_of(&value),
            Err(error) => {
                self.diagnostics.push(problem::of_template(&error, &node.span, scope));
                return None;
            }
        };
        let mut command = filled.as_str();
        let mut is_command = module.free_form == FreeForm::Command;
        if !is_command || has_pairs(command) {
            let words = split_words(command).unwrap_or_default();
            let (pairs, rest): (Vec<_>, Vec<_>) = words.iter().partition(|word| pair(word, module).is_some());
            if !is_command && !rest.is_empty() {
                let summary = format!("`{}` takes arguments, not a text", module.names[0]);
                self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
                return None;
            }
            for (name, value) in pairs.into_iter().filter_map(|word| pair(word, module)) {
                arguments.insert(name, Value::String(value.to_owned()), &node.span);
            }
            if is_command {
                command = without_pairs(command, module);
            }
            is_command &= !command.is_empty();
        }
        if is_command {
            arguments.insert("cmd", Value::String(command.to_owned()), &node.span);
        }
        Some(())
    }
}

/// The words that `command` and `shell` take for themselves out of their text.
const COMMAND_WORDS: [&str; 6] = ["creates", "removes", "chdir", "executable", "stdin", "stdin_add_newline"];

fn has_pairs(line: &str) -> bool {
    COMMAND_WORDS.iter().any(|name| line.contains(&format!("{name}=")))
}

fn pair<'a>(word: &'a str, module: &'static Module) -> Option<(&'static str, &'a str)> {
    let (name, value) = word.split_once('=')?;
    let argument = module.arguments.iter().find(|a| a.name == name || a.aliases.contains(&name))?;
    let is_meant = module.free_form != FreeForm::Command || COMMAND_WORDS.contains(&argument.name);
    is_meant.then_some((argument.name, value))
}

/// The command without the pairs at its beginning and end, its own quotes and blanks untouched.
fn without_pairs<'a>(line: &'a str, module: &'static Module) -> &'a str {
    let mut line = line.trim();
    loop {
        let first = line.split_whitespace().next().unwrap_or_default();
        let last = line.split_whitespace().next_back().unwrap_or_default();
        if pair(first, module).is_some() {
            line = line[first.len()..].trim_start();
        } else if pair(last, module).is_some() {
            line = line[..line.len() - last.len()].trim_end();
        } else {
            return line;
        }
    }
}
