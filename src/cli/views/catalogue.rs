//! Pages that Aether carries: what diagnostics mean, completion scripts, man pages.

use super::{Paint, View, count};
use schemars::JsonSchema;
use serde::Serialize;

/// What `explain` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExplainView {
    /// The diagnostic asked for, or all of them.
    pub diagnostics: Vec<Page>,
    /// Whether the text is a list of names.
    #[serde(skip)]
    pub is_list: bool,
}

/// One diagnostic.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Page {
    /// `AE0101`.
    pub code: &'static str,
    /// `unknown-key`.
    pub name: &'static str,
    /// What it means and how to mend it, Markdown.
    pub page: &'static str,
}

impl View for ExplainView {
    fn text(&self, paint: Paint) -> String {
        let name = |page: &Page| format!("{}  {}", page.code, page.name);
        let whole = |page: &Page| format!("{} {}", paint.strong(page.code), page.page.trim_start_matches("# "));
        let line = |page: &Page| if self.is_list { name(page) } else { whole(page) };
        self.diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// What `completions` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompletionsView {
    /// For which shell.
    pub shell: String,
    /// The script.
    pub script: String,
}

impl View for CompletionsView {
    fn text(&self, _paint: Paint) -> String {
        self.script.clone()
    }
}

/// What `man` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ManView {
    /// The folder.
    pub folder: String,
    /// The pages in it.
    pub pages: Vec<String>,
}

impl View for ManView {
    fn text(&self, paint: Paint) -> String {
        let pages = count(self.pages.len(), "page");
        format!(
            "{} {pages} in `{}`; read one with `man -l {}/aether.1`",
            paint.good("written:"),
            self.folder,
            self.folder
        )
    }
}
