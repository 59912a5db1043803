//! Text → [`Node`]. With `fault.rs` the only file that sees the YAML crate.
//!
//! The tree is built from the crate's events rather than through serde: events keep quotes, tags, anchors and byte
//! offsets, and a problem in one place does not hide the problems after it.

use super::{Entry, Kind, Node, Spanned, fault, merge, scalar};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, code};
use serde_yaml::granit_parser::{self as granit, Event, Parser, ScalarStyle, StructureStyle, Tag};
use std::collections::HashMap;
use std::sync::Arc;

/// Values a document may have; a text of ordinary size stays below it unless it is made of little but commas.
const VALUES_MAX: usize = 1_000_000;
/// Values that aliases and anchors may copy.
const COPIES_MAX: usize = 200_000;
/// Collections inside collections, for block and flow style each.
const DEPTH_MAX: usize = 64;

/// Reads one YAML document. `None` when nothing sensible came of it; the reasons are in `diagnostics`.
/// An empty document is [`Kind::Null`].
pub fn parse(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut options = granit::options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEPTH_MAX,
        block_nesting_limit: DEPTH_MAX,
    };
    options.set_emit_comments(false);
    let mut builder = Builder::new(source, diagnostics);
    for event in Parser::new_from_str_with_options(source.text(), options) {
        match event {
            Ok((event, span)) => {
                if builder.take(event, &span) == Flow::Stop {
                    break;
                }
            }
            Err(error) => {
                builder.refuse(&error);
                break;
            }
        }
    }
    builder.finish()
}

/// Whether the rest of the text is worth reading.
#[derive(PartialEq)]
enum Flow {
    On,
    Stop,
}

/// A collection that is still open.
struct Frame {
    /// Where it will be said to be.
    place: Span,
    style: StructureStyle,
    /// The anchor on it, 0 for none.
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(Vec<Entry>, Slot),
}

/// What a mapping waits for.
enum Slot {
    Key,
    Value(Spanned<String>),
    /// The value of a key that was refused.
    Refused,
}

struct Builder<'a> {
    source: &'a Arc<Source>,
    diagnostics: &'a mut Diagnostics,
    frames: Vec<Frame>,
    /// Anchored values with their sizes.
    anchors: HashMap<usize, (Node, usize)>,
    root: Option<Node>,
    /// A value is missing that stands in the text: what follows from that would mislead.
    has_hole: bool,
    documents: usize,
    values: usize,
    copies: usize,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Arc<Source>, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            source,
            diagnostics,
            frames: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            has_hole: false,
            documents: 0,
            values: 0,
            copies: 0,
        }
    }

    fn finish(self) -> Option<Node> {
        let root = self.root.unwrap_or_else(|| Node::new(Kind::Null, Span::start_of(self.source)));
        (!self.has_hole).then_some(root)
    }

    fn take(&mut self, event: Event<'_>, at: &granit::Span) -> Flow {
        let span = self.span(at);
        match event {
            Event::DocumentStart(..) => return self.document(&span),
            Event::Scalar(text, style, anchor, tag) => {
                let kind = match tag.as_deref() {
                    None if style == ScalarStyle::Plain => scalar::resolve(&text),
                    Some(tag) if !is_text(tag) => self.refuse_tag(tag, at),
                    _ => Kind::Text(text.into_owned()),
                };
                return self.place(Node::new(kind, self.first_line(span.start(), span.end())), anchor);
            }
            Event::SequenceStart(style, anchor, tag) => {
                if let Some(tag) = tag.filter(|tag| tag.core_suffix() != Some("seq")) {
                    self.refuse_tag(&tag, at);
                }
                self.open(Content::List(Vec::new()), style, anchor, &span);
            }
            Event::MappingStart(style, anchor, tag) => {
                if let Some(tag) = tag.filter(|tag| tag.core_suffix() != Some("map")) {
                    self.refuse_tag(&tag, at);
                }
                self.open(Content::Map(Vec::new(), Slot::Key), style, anchor, &span);
            }
            Event::SequenceEnd | Event::MappingEnd => return self.close(&span),
            Event::Alias(id) => return self.alias(id, &span),
            Event::UnresolvedAlias(name) => {
                self.hole(
                    Diagnostic::error(&code::UNKNOWN_ANCHOR, &span, format!("no anchor `&{name}` stands before this"))
                        .fix(format!("write `&{name}` before the value that is meant, further up")),
                );
                return self.place(Node::new(Kind::Null, span), 0);
            }
            _ => {}
        }
        Flow::On
    }

    fn document(&mut self, span: &Span) -> Flow {
        self.documents += 1;
        if self.documents == 1 {
            return Flow::On;
        }
        self.diagnostics.push(
            Diagnostic::error(&code::SEVERAL_DOCUMENTS, span, "a second document begins here")
                .why("one file holds one document")
                .fix("remove the `---`, or move what follows to a file of its own"),
        );
        Flow::Stop
    }

    fn refuse_tag(&mut self, tag: &Tag, at: &granit::Span) -> Kind {
        let span = self.span(&at.tag_span().unwrap_or(*at));
        self.hole(
            Diagnostic::error(&code::UNKNOWN_TAG, &span, format!("tag `{}` is not known here", tag.original()))
                .why("values are what they look like; tags that change their meaning are not read")
                .fix("remove the tag"),
        );
        Kind::Null
    }

    fn open(&mut self, content: Content, style: StructureStyle, anchor: usize, span: &Span) {
        let place = match (style, self.frames.last().map(|frame| &frame.content)) {
            (StructureStyle::Block, Some(Content::Map(_, Slot::Value(key)))) => key.span.clone(),
            _ => self.first_line(span.start(), self.source.text().len()),
        };
        self.values += 1;
        self.frames.push(Frame { place, style, anchor, content });
    }

    fn close(&mut self, end: &Span) -> Flow {
        let Some(frame) = self.frames.pop() else { return Flow::On };
        let span = match frame.style {
            StructureStyle::Block => frame.place,
            StructureStyle::Flow => self.first_line(frame.place.start(), end.end()),
        };
        let kind = match frame.content {
            Content::List(items) => Kind::List(items),
            Content::Map(entries, _) => {
                let entries = merge::close(entries, self.diagnostics);
                self.has_hole |= entries.is_none();
                entries.map_or(Kind::Null, Kind::Map)
            }
        };
        self.place(Node::new(kind, span), frame.anchor)
    }

    fn alias(&mut self, id: usize, span: &Span) -> Flow {
        let Some((node, size)) = self.anchors.get(&id) else {
            self.hole(
                Diagnostic::error(&code::UNKNOWN_ANCHOR, span, "this alias stands inside the value it repeats")
                    .fix("write the value out, or move the anchor further up"),
            );
            return self.place(Node::new(Kind::Null, span.clone()), 0);
        };
        self.copies += size;
        if self.copies > COPIES_MAX {
            return self.too_many_copies(span);
        }
        let defined = node.defined.clone().unwrap_or_else(|| node.span.clone());
        let node = Node { kind: node.kind.clone(), span: span.clone(), defined: Some(defined) };
        self.place(node, 0)
    }

    fn too_many_copies(&mut self, span: &Span) -> Flow {
        self.hole(
            Diagnostic::error(&code::TOO_MANY_VALUES, span, "anchors and aliases make too many values here")
                .why(format!("aliases may repeat {COPIES_MAX} values in one file"))
                .fix("write the values out, or repeat smaller ones"),
        );
        Flow::Stop
    }

    /// Puts a finished value where it belongs and remembers it under its anchor.
    fn place(&mut self, node: Node, anchor: usize) -> Flow {
        self.values += 1;
        if self.values > VALUES_MAX {
            let summary = format!("the file has more than {VALUES_MAX} values");
            self.hole(Diagnostic::error(&code::TOO_MANY_VALUES, &node.span, summary).fix("split it"));
            return Flow::Stop;
        }
        if anchor != 0 {
            let size = node.size();
            self.copies += size;
            if self.copies > COPIES_MAX {
                return self.too_many_copies(&node.span);
            }
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.frames.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(entries, slot)) => match std::mem::replace(slot, Slot::Key) {
                Slot::Key => match key(node) {
                    Ok(key) => *slot = Slot::Value(key),
                    Err(problem) => {
                        *slot = Slot::Refused;
                        self.hole(problem);
                    }
                },
                Slot::Value(key) => {
                    let node = if is_written(&node) { node } else { Node { span: key.span.clone(), ..node } };
                    entries.push((key, node));
                }
                Slot::Refused => {}
            },
        }
        Flow::On
    }

    fn refuse(&mut self, error: &granit::ScanError) {
        let at = fault::place(error, self.source);
        let open = self.frames.iter().rev().find(|frame| frame.style == StructureStyle::Flow).map(|frame| &frame.place);
        let problem = fault::describe(error.kind(), &at, open);
        self.hole(problem);
    }

    fn hole(&mut self, problem: Diagnostic) {
        self.has_hole = true;
        self.diagnostics.push(problem);
    }

    fn span(&self, at: &granit::Span) -> Span {
        let start = at.start.byte_offset().unwrap_or_default();
        Span::new(self.source, start..at.end.byte_offset().unwrap_or(start))
    }

    /// From `start` to the end of its line or to `end`, whichever comes first.
    fn first_line(&self, start: usize, end: usize) -> Span {
        let text = &self.source.text()[start..end.max(start)];
        let line = text.split(['\n', '\r']).next().unwrap_or_default();
        Span::new(self.source, start..start + line.trim_end().len())
    }
}

fn is_text(tag: &Tag) -> bool {
    tag.core_suffix() == Some("str") || tag.original() == "!"
}

/// Nothing at all (`key:`) has no place of its own.
fn is_written(node: &Node) -> bool {
    node.kind != Kind::Null || node.span.start() < node.span.end()
}

fn key(node: Node) -> Result<Spanned<String>, Diagnostic> {
    let word = match node.kind {
        Kind::Text(text) => return Ok(Spanned::new(text, node.span)),
        Kind::Bool(_) | Kind::Integer(_) | Kind::Float(..) => node.span.text().to_owned(),
        Kind::Null | Kind::List(_) | Kind::Map(_) => {
            let summary = format!("a key must be text, this is {}", node.kind.noun());
            return Err(Diagnostic::error(&code::KEY_NOT_TEXT, &node.span, summary).fix("write a word as the key"));
        }
    };
    Err(Diagnostic::error(
        &code::KEY_NOT_TEXT,
        &node.span,
        format!("a key must be text, `{word}` is {}", node.kind.noun()),
    )
    .fix(format!("quote it: `\"{word}\":`")))
}
