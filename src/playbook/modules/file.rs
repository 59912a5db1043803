//! `file`: folders, links, permissions, and that nothing is there.

use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["file"],
    arguments: &[
        aliased("path", &["dest", "name"], Takes::Text),
        argument("state", Takes::Word(&["absent", "directory", "file", "hard", "link", "touch"])),
        argument("src", Takes::Text),
        argument("mode", Takes::Mode),
        argument("owner", Takes::Text),
        argument("group", Takes::Text),
        argument("recurse", Takes::Bool),
        argument("force", Takes::Bool),
        argument("follow", Takes::Bool),
        argument("modification_time", Takes::Word(&["preserve", "now"])),
        argument("access_time", Takes::Word(&["preserve", "now"])),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let path = arguments.required("path", lowering.module, lowering.diagnostics)?;
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let (mode, follow) = (arguments.mode(), flag(arguments.is("follow", true)));
    let (owner, group) = (arguments.text_or_empty("owner"), arguments.text_or_empty("group"));
    let recurse = arguments.is("recurse", false);
    let state = arguments.text("state").unwrap_or(if recurse { "directory" } else { "" });
    let mut lines = Vec::new();
    match state {
        "absent" => lines.push(call("absent", &[path])),
        "directory" => {
            lines.push(call("directory", &[follow, path, &mode, owner, group]));
            if recurse {
                lines.push(format!("if [ \"$state\" != failed ] && {}; then", call("[ -d", &[path]) + " ]"));
                lines.push(format!("  {}", call("attributes_below", &[path, &mode, owner, group])));
                lines.push("fi".to_owned());
            }
        }
        "link" => {
            let target = arguments.required("src", "file with state link", lowering.diagnostics)?;
            let force = flag(arguments.is("force", false));
            lines.push(call("link", &[target, path, force, follow, &mode, owner, group]));
        }
        "touch" => {
            let is_kept = |name| arguments.text(name) == Some("preserve");
            let keep = flag(is_kept("modification_time") && is_kept("access_time"));
            lines.push(call("touched", &[follow, path, &mode, owner, group, keep]));
        }
        "hard" => return unsupported(arguments, lowering),
        "file" => lines.push(call("regular", &[follow, path, &mode, owner, group])),
        _ => lines.push(call("whatever", &[follow, path, &mode, owner, group])),
    }
    Some(Effect::of(lines))
}

fn unsupported(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let span = arguments.span("state").unwrap_or(lowering.span);
    let problem = Diagnostic::error(&code::UNSUPPORTED_ARGUMENT, span, "`file` with `state: hard` is not supported");
    lowering.diagnostics.push(problem.fix("use `state: link`"));
    None
}

/// A switch as a word of shell.
pub(super) fn flag(is_on: bool) -> &'static str {
    if is_on { "1" } else { "0" }
}
