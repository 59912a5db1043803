//! The compatibility tables, an answer of theirs, and what a refresh found.

use super::{Paint, View, count};
use crate::stack::{Part, Reason};
use crate::workflows::{Age, Listed, RefreshReport, Resolved, StackList};
use schemars::JsonSchema;
use serde::Serialize;

/// What `stack list` and `stack search` show.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StackListView {
    /// The rows, by table.
    pub rows: Vec<StackRow>,
    /// When the tables were read: `2026-11-21`.
    pub date: String,
    /// Days since then.
    pub age_days: i64,
    /// Whether they are due to be read again.
    pub is_old: bool,
}

/// One row of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StackRow {
    /// `torch`, `tensorflow`, `jax`, `scikit-learn`, `cuda`, `driver`, `gpu`, `system` or `image`.
    pub table: &'static str,
    /// `2.15.0 cu132 x86_64`.
    pub name: String,
    /// What is known, in short phrases.
    pub says: Vec<String>,
    /// Whether it was read at its source.
    pub is_verified: bool,
    /// Fields of a verified row that were not.
    pub unconfirmed: Vec<String>,
    /// What else there is to say.
    pub note: Option<String>,
    /// Where it was read.
    pub source: String,
    /// When.
    pub date: String,
}

impl From<StackList> for StackListView {
    fn from(list: StackList) -> Self {
        let StackList { rows, age } = list;
        Self { rows: rows.into_iter().map(row).collect(), date: age.date, age_days: age.days, is_old: age.is_old }
    }
}

fn row(listed: Listed) -> StackRow {
    let fact = listed.fact;
    StackRow {
        table: listed.table,
        name: fact.name,
        says: fact.says,
        is_verified: fact.is_verified,
        unconfirmed: fact.unconfirmed,
        note: fact.note,
        source: fact.source,
        date: fact.date,
    }
}

impl View for StackListView {
    fn text(&self, paint: Paint) -> String {
        let mut lines = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            if at == 0 || self.rows[at - 1].table != row.table {
                lines.push(paint.strong(row.table));
            }
            lines.push(format!("  {}: {}{}", row.name, row.says.join(", "), row.doubt(paint)));
        }
        if self.rows.is_empty() {
            lines.push("nothing in the tables mentions that".to_owned());
        }
        let sources: std::collections::BTreeSet<&str> = self.rows.iter().map(|row| row.source.as_str()).collect();
        lines.extend(sources.into_iter().map(|source| paint.faint(&format!("source: {source}"))));
        lines.push(read_on(&self.date, self.age_days, self.is_old, paint));
        lines.join("\n")
    }
}

impl StackRow {
    fn doubt(&self, paint: Paint) -> String {
        let note = self.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        let doubt = match (self.is_verified, &self.unconfirmed[..]) {
            (false, _) => paint.attention(" [not confirmed]"),
            (true, []) => String::new(),
            (true, fields) => paint.attention(&format!(" [not confirmed: {}]", fields.join(", ").replace('_', " "))),
        };
        note + &doubt
    }
}

/// When the tables were read, and a warning when that is long ago.
fn read_on(date: &str, days: i64, is_old: bool, paint: Paint) -> String {
    if is_old {
        let old = paint.attention("warning:");
        return format!(
            "{old} the tables were read on {date}, {days} days ago; `aether stack refresh` asks the package index"
        );
    }
    paint.faint(&format!("the tables were read on {date}"))
}

/// What `stack resolve` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StackResolveView {
    /// `answer`, `unknown` or `refused`.
    pub outcome: &'static str,
    /// The stack, part by part.
    pub parts: Vec<StackPart>,
    /// What it rests on and nobody confirmed.
    pub unconfirmed: Vec<String>,
    /// The code of the refusal: `AE0304`.
    pub code: Option<&'static str>,
    /// Why not: each phrase follows from the one before it or meets it.
    pub chain: Vec<String>,
    /// What to do instead, cheapest first.
    pub ways_out: Vec<String>,
    /// When the tables were read.
    pub date: String,
    /// Days since then.
    pub age_days: i64,
    /// Whether they are due to be read again.
    pub is_old: bool,
}

/// One part of a stack.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StackPart {
    /// `pytorch`.
    pub name: &'static str,
    /// `2.14.1 cu126 from the index of PyTorch`.
    pub value: String,
    /// Where that was read; none for what was asked for or follows from the rest.
    pub source: Option<String>,
    /// Whether it was read at its source.
    pub is_confirmed: bool,
}

impl From<Resolved> for StackResolveView {
    fn from(resolved: Resolved) -> Self {
        match resolved {
            Resolved::Answer { parts, unconfirmed, age } => {
                let part = |Part { name, value, source, is_confirmed }| StackPart { name, value, source, is_confirmed };
                let parts = parts.into_iter().map(part).collect();
                Self { parts, unconfirmed, ..Self::of("answer", None, age) }
            }
            Resolved::Unknown(reason, age) => Self::of("unknown", Some(reason), age),
            Resolved::Refused(reason, age) => Self::of("refused", Some(reason), age),
        }
    }
}

impl StackResolveView {
    fn of(outcome: &'static str, reason: Option<Reason>, age: Age) -> Self {
        let code = reason.as_ref().map(|reason| reason.code.id);
        let (chain, ways_out) = reason.map(|reason| (reason.chain, reason.ways_out)).unwrap_or_default();
        let Age { date, days, is_old } = age;
        let (parts, unconfirmed) = (Vec::new(), Vec::new());
        Self { outcome, parts, unconfirmed, code, chain, ways_out, date, age_days: days, is_old }
    }
}

impl View for StackResolveView {
    fn text(&self, paint: Paint) -> String {
        let mut lines = Vec::new();
        for part in &self.parts {
            let doubt = if part.is_confirmed { String::new() } else { paint.attention(" [not confirmed]") };
            let source = part.source.as_ref().map(|source| paint.faint(&format!("\n             {source}")));
            lines.push(format!("{:<12} {}{doubt}{}", part.name, part.value, source.unwrap_or_default()));
        }
        lines.extend(self.unconfirmed.iter().map(|phrase| format!("{} {phrase}", paint.attention("not confirmed:"))));
        if let Some(code) = self.code {
            let word = if self.outcome == "refused" { paint.bad("refused") } else { paint.attention("not known") };
            lines.push(format!("{word} [{code}]: {}", self.chain.join(" → ")));
            lines.extend((!self.ways_out.is_empty()).then(|| format!("  fix: {}", self.ways_out.join(" or "))));
        }
        lines.push(read_on(&self.date, self.age_days, self.is_old, paint));
        lines.join("\n")
    }
}

/// What `stack refresh` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StackRefreshView {
    /// The index that was asked.
    pub index: String,
    /// The file that was written; none when there is nothing newer.
    pub file: Option<String>,
    /// `pytorch 2.16.0`, newest first.
    pub added: Vec<String>,
    /// What could not be read, in phrases.
    pub unknown: Vec<String>,
}

impl From<RefreshReport> for StackRefreshView {
    fn from(report: RefreshReport) -> Self {
        let RefreshReport { index, file, added, unknown } = report;
        Self { index, file, added, unknown }
    }
}

impl View for StackRefreshView {
    fn text(&self, paint: Paint) -> String {
        let Some(file) = &self.file else {
            return format!("{} `{}` has nothing newer than the tables", paint.good("up to date:"), self.index);
        };
        let mut lines: Vec<String> = self.added.iter().map(|release| format!("  + {release}")).collect();
        lines.extend(self.unknown.iter().map(|phrase| format!("  {} {phrase}", paint.attention("not known:"))));
        let releases = count(self.added.len(), "release");
        lines.push(format!("{} {releases} of `{}` in `{file}`; commit it", paint.good("written:"), self.index));
        lines.join("\n")
    }
}
