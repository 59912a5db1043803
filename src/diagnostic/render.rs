//! Diagnostics as text for people and as JSON for programs. The one place that draws excerpts.

use super::mask::masked;
use super::{Diagnostic, Note, Severity, Span};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

/// Whether text may carry colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// Terminal colours.
    Colour,
}

/// One diagnostic as an excerpt with markers, reasons and the way out.
pub fn to_text(diagnostic: &Diagnostic, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (near, far): (Vec<&Note>, Vec<&Note>) =
        diagnostic.notes.iter().partition(|note| note.span.source() == diagnostic.span.source());
    let mut marks = vec![(AnnotationKind::Primary, &diagnostic.span, "")];
    marks.extend(near.iter().map(|note| (AnnotationKind::Context, &note.span, note.text.as_str())));
    let title = Group::with_title(level.primary_title(&diagnostic.summary).id(diagnostic.code.id));
    let source = diagnostic.span.source();
    // Of an empty text only the name can be shown.
    let mut group = if source.text().is_empty() {
        title.element(Origin::path(source.name()))
    } else {
        title.element(snippet(&marks))
    };
    for note in far {
        group = group.element(snippet(&[(AnnotationKind::Context, &note.span, &note.text)]));
    }
    if let Some(why) = &diagnostic.why {
        group = group.element(Level::NOTE.message(why));
    }
    if let Some(fix) = &diagnostic.fix {
        group = group.element(Level::HELP.message(fix));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    renderer.render(&[group])
}

/// The lines around marks in one source. Only these lines are handed on, so that many diagnostics in a large file do not
/// each walk through all of it.
fn snippet<'a>(marks: &[(AnnotationKind, &'a Span, &'a str)]) -> Snippet<'a, Annotation<'a>> {
    let source = marks[0].1.source();
    let text = source.text();
    let first = marks.iter().map(|(_, span, _)| span.start()).min().unwrap_or_default();
    let last = marks.iter().map(|(_, span, _)| span.end()).max().unwrap_or_default();
    let begin = text[..first].rfind('\n').map_or(0, |end_of_line| end_of_line + 1);
    let end = text[last..].find('\n').map_or(text.len(), |length| last + length);
    let lines = Snippet::source(masked(&text[begin..end])).path(source.name()).line_start(source.line_column(begin).0);
    let mark = |(kind, span, label): &(AnnotationKind, &'a Span, &'a str)| {
        kind.span(span.start() - begin..span.end() - begin).label(*label)
    };
    lines.annotations(marks.iter().map(mark))
}

/// One diagnostic as an object with the same content as the text.
pub fn to_json(diagnostic: &Diagnostic) -> Value {
    let place = |span: &Span| {
        let (line, column) = span.line_column();
        json!({ "file": span.source().name(), "line": line, "column": column })
    };
    json!({
        "code": diagnostic.code.id,
        "name": diagnostic.code.name,
        "severity": match diagnostic.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "summary": diagnostic.summary,
        "at": place(&diagnostic.span),
        "why": diagnostic.why,
        "fix": diagnostic.fix,
        "notes": diagnostic.notes.iter().map(|n| json!({ "at": place(&n.span), "text": n.text })).collect::<Vec<_>>(),
    })
}
