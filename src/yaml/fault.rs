//! The YAML crate's complaints in our words. Knows its kinds of error and nothing else of it.

use crate::diagnostic::{Code, Diagnostic, Source, Span, code};
use serde_yaml::granit_parser::{ErrorKind as Kind, ScanError};
use std::sync::Arc;

/// The character where the text went wrong.
pub(super) fn place(error: &ScanError, source: &Arc<Source>) -> Span {
    let text = source.text();
    let marker = error.marker();
    let in_characters = || text.char_indices().nth(marker.index()).map_or(text.len(), |(offset, _)| offset);
    let at = marker.byte_offset().unwrap_or_else(in_characters);
    let is_behind_tab = at > 0 && text.as_bytes().get(at - 1) == Some(&b'\t') && is_about_tabs(error.kind());
    let at = if is_behind_tab { at - 1 } else { at };
    Span::new(source, at..at + 1)
}

/// The diagnostic for a complaint at `at`; `open` is the innermost bracket that is still open.
pub(super) fn describe(kind: &Kind, at: &Span, open: Option<&Span>) -> Diagnostic {
    match open {
        Some(bracket) if is_about_brackets(kind, bracket, at) => unclosed(bracket, at),
        _ if is_about_quotes(kind) => unclosed_quote(at),
        _ => {
            let (code, summary, fix) = words(kind);
            Diagnostic::error(code, at, summary).fix(fix)
        }
    }
}

fn is_about_tabs(kind: &Kind) -> bool {
    words(kind).0 == &code::TAB
}

fn is_about_brackets(kind: &Kind, bracket: &Span, at: &Span) -> bool {
    let is_lines_later = bracket.source().text()[bracket.start()..at.start().max(bracket.start())].contains('\n');
    let is_key = matches!(kind, Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement | Kind::SimpleKeyExpected);
    (is_key && is_lines_later)
        || matches!(
            kind,
            Kind::UnclosedFlowCollection { .. }
                | Kind::UnexpectedEofFlowSequence
                | Kind::UnexpectedEofFlowMapping
                | Kind::UnexpectedEofImplicitFlowMapping
                | Kind::ExpectedFlowMappingSeparator
                | Kind::ExpectedFlowSequenceSeparator
                | Kind::InvalidFlowScalarIndent
        )
}

fn unclosed(bracket: &Span, at: &Span) -> Diagnostic {
    let opening = bracket.text().get(..1).unwrap_or("[");
    let closing = if opening == "{" { "}" } else { "]" };
    let at_bracket = Span::new(bracket.source(), bracket.start()..bracket.start() + 1);
    let problem = Diagnostic::error(&code::INVALID_YAML, &at_bracket, format!("`{opening}` is not closed"))
        .fix(format!("add the missing `,` or `{closing}`"));
    if at.start() > bracket.start() {
        problem.note(at, format!("`,` or `{closing}` was expected here"))
    } else {
        problem
    }
}

fn is_about_quotes(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::UnclosedQuotedScalar
            | Kind::DocumentIndicatorInQuotedScalar
            | Kind::InvalidQuotedScalarIndent
            | Kind::UnexpectedEof
    )
}

/// The quote that was opened is the last one with nothing but a space or bracket before it.
fn unclosed_quote(at: &Span) -> Diagnostic {
    let before = &at.source().text()[..at.start()];
    let is_opening = |&(offset, _): &(usize, &str)| {
        before[..offset].chars().next_back().is_none_or(|c| c.is_whitespace() || "[{,(:".contains(c))
    };
    let opening = before.rmatch_indices(['"', '\'']).find(is_opening).map_or(at.start(), |(offset, _)| offset);
    let span = Span::new(at.source(), opening..opening + 1);
    let problem =
        Diagnostic::error(&code::INVALID_YAML, &span, "this quote is not closed").fix("add the closing quote");
    if opening < at.start() { problem.note(at, "text cannot go on here") } else { problem }
}

fn words(kind: &Kind) -> (&'static Code, &'static str, &'static str) {
    use Kind as K;
    let invalid = &code::INVALID_YAML;
    match kind {
        K::TabInIndentation
        | K::TabInBlockIndentation
        | K::TabNotAllowed
        | K::TabInPlainScalar
        | K::TabAtBlockScalarStart => {
            (&code::TAB, "a tab stands where only spaces may", "indent with spaces, two per level")
        }
        K::RecursionLimitExceeded => (&code::TOO_DEEP, "values are nested too deep here", "flatten them"),
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            (invalid, "there is text after the closing quote", "quote the whole value, or remove the quotes")
        }
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => (
            invalid,
            "`\\` begins an escape that does not exist",
            "use single quotes, where `\\` is an ordinary character",
        ),
        K::MisplacedFlowCollectionEnd | K::MismatchedFlowCollectionEnd { .. } => {
            (invalid, "this bracket closes nothing", "remove it, or quote the value")
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement | K::InvalidMappingValueWhitespace => {
            (invalid, "a `:` stands where no key can be", "quote a value that contains `: `, or check the indentation")
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey | K::ExpectedBlockMappingKey | K::MappingKeyNotAllowed => (
            invalid,
            "a key with `:` was expected here",
            "check the indentation: keys of one mapping begin in one column, with `: ` before the value",
        ),
        K::BlockSequenceEntryNotAllowed | K::ExpectedBlockSequenceEntry | K::InvalidBlockEntryWhitespace => {
            (invalid, "a list item cannot stand here", "begin items with `- ` in one column, below their key")
        }
        K::InvalidIndentation | K::InvalidBlockScalarIndent | K::InvalidFlowScalarIndent => {
            (invalid, "this line is indented wrongly", "line it up with its neighbours, two spaces per level")
        }
        K::UnexpectedCharacter { .. } | K::PlainScalarStartsWithDashFlowIndicator => {
            (invalid, "a value cannot begin with this character", "quote the value")
        }
        K::DirectiveDisallowed | K::UnsupportedYamlMajorVersion | K::DuplicateVersionDirective => {
            (invalid, "this `%` line is not read", "remove it, or quote a value that begins with `%`")
        }
        K::UndeclaredTagHandle => (&code::UNKNOWN_TAG, "this tag is not known here", "remove the tag"),
        _ => (invalid, "this is not valid YAML", "check brackets, quotes and indentation up to here"),
    }
}
