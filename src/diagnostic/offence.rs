//! The identity of an offence. Stable: scripts and search engines hold on to it.

/// One kind of offence and its page.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `AE0101`: never reused.
    pub id: &'static str,
    /// `unknown-key`: the offence in words; reads well after "allow".
    pub name: &'static str,
    /// The page that `aether explain` prints, Markdown.
    pub page: &'static str,
}
