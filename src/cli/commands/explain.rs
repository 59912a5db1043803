//! `aether explain`.

use super::{Context, Ending};
use crate::cli::failure::Exit;
use crate::cli::views::{ExplainView, Page};
use crate::diagnostic::{CODES, Code, nearest};
use crate::workflows::Failure;

pub(super) fn explain(context: &Context<'_>, wanted: Option<&str>) -> Ending {
    let is_meant =
        |code: &&&Code| wanted.is_none_or(|wanted| code.id.eq_ignore_ascii_case(wanted) || code.name == wanted);
    let page = |code: &&Code| Page { code: code.id, name: code.name, page: code.page };
    let diagnostics: Vec<Page> = CODES.iter().filter(is_meant).map(page).collect();
    match wanted {
        Some(wanted) if diagnostics.is_empty() => Err(unknown(wanted)),
        _ => {
            context.display.show(&ExplainView { diagnostics, is_list: wanted.is_none() });
            Ok(Exit::Done)
        }
    }
}

fn unknown(wanted: &str) -> Failure {
    let known = CODES.iter().flat_map(|code| [code.id, code.name]);
    let hint = nearest(wanted, known).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    Failure::Usage(format!("there is no diagnostic `{wanted}`{hint}; `aether explain` lists them"))
}
