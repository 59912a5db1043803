//! The rows of the tables as plain lines.

use super::{Age, known};
use crate::diagnostic::nearest;
use crate::ports::World;
use crate::stack::{Fact, TABLES, facts};
use crate::workflows::Failure;

/// What is to be listed.
#[derive(Debug, Clone, Default)]
pub struct ListRequest {
    /// Only this table.
    pub table: Option<String>,
    /// Only rows that mention this.
    pub term: Option<String>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `torch`.
    pub table: &'static str,
    /// The row.
    pub fact: Fact,
}

/// What the tables hold.
#[derive(Debug, Clone)]
pub struct StackList {
    /// The rows asked for, by table.
    pub rows: Vec<Listed>,
    /// When they were read.
    pub age: Age,
}

/// The rows of one table or of all, those that mention a term or all.
pub fn list(world: &World, request: &ListRequest) -> Result<StackList, Failure> {
    if let Some(table) = request.table.as_ref().filter(|table| !TABLES.contains(&table.as_str())) {
        let near = nearest(table, TABLES.iter().copied()).map(|near| format!(", did you mean `{near}`?"));
        let tables = TABLES.join(", ");
        return Err(Failure::Usage(format!(
            "there is no table `{table}`{}; there are {tables}",
            near.unwrap_or_default()
        )));
    }
    let (wheels, age) = known(world)?;
    let wanted = TABLES.iter().filter(|table| request.table.as_ref().is_none_or(|name| name == *table));
    let rows = wanted.flat_map(|table| facts(&wheels, table).into_iter().map(move |fact| Listed { table, fact }));
    let term = request.term.as_ref().map(|term| term.to_lowercase());
    let rows = rows.filter(|row| term.as_ref().is_none_or(|term| row.fact.mentions(term))).collect();
    Ok(StackList { rows, age })
}
