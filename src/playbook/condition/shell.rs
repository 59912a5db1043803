//! A condition as a shell command that succeeds when it holds.
//!
//! An answer that is not known yet (check mode) is taken as `$assume`; negation is pushed down to the questions, so
//! that assuming the worst and the best of each gives the worst and the best of the whole.

use super::{Comparison, Field, Question, Test};
use crate::playbook::shell::{call, quote};
use std::collections::BTreeSet;

/// What conditions ask of the results of tasks: a field, or `None` for how the task ended.
pub(in crate::playbook) type Asked = BTreeSet<(usize, Option<Field>)>;

const STATES: [&str; 4] = ["ok", "changed", "skipped", "failed"];

/// The command; what it asks for is added to `asked`.
pub(in crate::playbook) fn to_shell(test: &Test, asked: &mut Asked) -> String {
    command(test, false, asked)
}

fn command(test: &Test, is_negated: bool, asked: &mut Asked) -> String {
    match test {
        Test::Known(answer) => (*answer != is_negated).to_string(),
        Test::Not(inner) => command(inner, !is_negated, asked),
        Test::All(tests) => group(tests, is_negated, if is_negated { "||" } else { "&&" }, asked),
        Test::Any(tests) => group(tests, is_negated, if is_negated { "&&" } else { "||" }, asked),
        Test::Ask(question) => ask(question, is_negated, asked),
    }
}

fn group(tests: &[Test], is_negated: bool, operator: &str, asked: &mut Asked) -> String {
    let commands: Vec<String> = tests.iter().map(|test| command(test, is_negated, asked)).collect();
    format!("{{ {}; }}", commands.join(&format!(" {operator} ")))
}

fn ask(question: &Question, is_negated: bool, asked: &mut Asked) -> String {
    match question {
        Question::CheckMode => format!("[ \"$mode\" = {} ]", u8::from(is_negated)),
        Question::Ended(task, states) => {
            asked.insert((*task, None));
            let wanted: Vec<&str> = STATES.into_iter().filter(|state| states.contains(state) != is_negated).collect();
            format!("result_is \"$r{task}\" {}", wanted.join(" "))
        }
        Question::Compare(task, field, comparison) => {
            asked.insert((*task, Some(field.clone())));
            let value = value(*task, field);
            format!("result_holds \"$r{task}_ran\" {}", compare(comparison, is_negated, &value))
        }
    }
}

/// The shell word that stands for a value.
fn value(task: usize, field: &Field) -> String {
    match field {
        Field::Rc => format!("\"$r{task}_rc\""),
        Field::Stdout => format!("\"$(told_by {task}.out)\""),
        Field::Stderr => format!("\"$(told_by {task}.err)\""),
        Field::StdoutLines => format!("\"$(lines_of {task}.out)\""),
        Field::StderrLines => format!("\"$(lines_of {task}.err)\""),
        Field::Stat(name) => format!("\"$r{task}_stat_{name}\""),
    }
}

fn compare(comparison: &Comparison, is_negated: bool, value: &str) -> String {
    let pick = |plain: &'static str, negated: &'static str| if is_negated { negated } else { plain };
    match comparison {
        Comparison::Same(text) => format!("{} {value} {}", pick("same", "differs"), quote(text)),
        Comparison::Differs(text) => format!("{} {value} {}", pick("differs", "same"), quote(text)),
        Comparison::Contains(part) => format!("{} {value} {}", pick("contains", "lacks"), quote(part)),
        Comparison::HasLine(line) => format!("{} {value} {}", pick("has_line", "lacks_line"), quote(line)),
        Comparison::Number(operator, number) => {
            let operator = if is_negated { opposite(operator) } else { operator };
            format!("number_compares {value} {}", call(operator, &[&number.to_string()]))
        }
    }
}

fn opposite(operator: &str) -> &'static str {
    match operator {
        "-eq" => "-ne",
        "-ne" => "-eq",
        "-lt" => "-ge",
        "-ge" => "-lt",
        "-gt" => "-le",
        _ => "-gt",
    }
}
