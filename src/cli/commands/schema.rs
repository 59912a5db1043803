//! `aether schema`.

use super::{Context, Ending};
use crate::cli::failure::Exit;
use crate::cli::views::schemas;
use crate::diagnostic::nearest;
use crate::workflows::{self, Failure};

pub(super) fn schema(context: &Context<'_>, wanted: &str) -> Ending {
    let text = if wanted == "manifest" {
        serde_json::to_string_pretty(&workflows::schema())
    } else {
        let schemas = schemas();
        let Some((_, schema)) = schemas.iter().find(|(name, _)| *name == wanted) else {
            let names = schemas.iter().map(|(name, _)| *name).chain(["manifest"]);
            let hint = nearest(wanted, names).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            return Err(Failure::Usage(format!("there is no schema `{wanted}`{hint}; name `manifest` or a command")));
        };
        serde_json::to_string_pretty(schema)
    };
    context.display.print(&text.expect("a schema has only string keys"));
    Ok(Exit::Done)
}
