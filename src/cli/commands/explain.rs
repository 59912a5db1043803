//! `aether explain`.

use super::{Context, Ending};
use crate::cli::failure::Exit;
use crate::diagnostic::{CODES, Code, nearest};
use crate::workflows::Failure;
use serde_json::json;

pub(super) fn explain(context: &Context<'_>, wanted: Option<&str>) -> Ending {
    let Some(wanted) = wanted else {
        list(context);
        return Ok(Exit::Done);
    };
    let is_meant = |code: &&&Code| code.id.eq_ignore_ascii_case(wanted) || code.name == wanted;
    let Some(code) = CODES.iter().find(is_meant) else { return Err(unknown(wanted)) };
    if context.display.is_json() {
        context.display.print(&json!({ "code": code.id, "name": code.name, "page": code.page }).to_string());
    } else {
        context.display.print(&format!("{} {}", code.id, code.page.trim_start_matches("# ")));
    }
    Ok(Exit::Done)
}

fn list(context: &Context<'_>) {
    if context.display.is_json() {
        let codes: Vec<_> = CODES.iter().map(|code| json!({ "code": code.id, "name": code.name })).collect();
        context.display.print(&json!({ "codes": codes }).to_string());
    } else {
        let lines: Vec<String> = CODES.iter().map(|code| format!("{}  {}", code.id, code.name)).collect();
        context.display.print(&lines.join("\n"));
    }
}

fn unknown(wanted: &str) -> Failure {
    let known = CODES.iter().flat_map(|code| [code.id, code.name]);
    let hint = nearest(wanted, known).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    Failure::Usage(format!("there is no diagnostic `{wanted}`{hint}; `aether explain` lists them"))
}
