//! The shell side of a host program: quoting, and the library of functions that programs are made of.
//!
//! Knows nothing of tasks or modules: words and bytes go in, POSIX `sh` text comes out.

mod library;
mod payload;
mod quote;
mod words;

pub(super) use library::needed_functions;
pub(super) use payload::payload_function;
pub(super) use quote::{call, quote, quote_pattern};
pub(super) use words::split_words;
