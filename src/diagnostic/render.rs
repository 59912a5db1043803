//! Diagnostics as text for people and as JSON for programs. The one place that draws excerpts.

use super::{Diagnostic, Note, Severity};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
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
    let primary = snippet(&diagnostic.span, AnnotationKind::Primary, "");
    let primary = near.iter().fold(primary, |snippet, note| {
        snippet.annotation(AnnotationKind::Context.span(note.span.start()..note.span.end()).label(&note.text))
    });
    let mut group = Group::with_title(level.primary_title(&diagnostic.summary).id(diagnostic.code.id)).element(primary);
    for note in far {
        group = group.element(snippet(&note.span, AnnotationKind::Context, &note.text));
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

fn snippet<'a>(
    span: &'a super::Span,
    kind: AnnotationKind,
    label: &'a str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotation = kind.span(span.start()..span.end()).label(label);
    Snippet::source(span.source().text()).path(span.source().name()).annotation(annotation)
}

/// One diagnostic as an object with the same content as the text.
pub fn to_json(diagnostic: &Diagnostic) -> Value {
    let place = |span: &super::Span| {
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
