//! The table of offences: one row and one page in `docs/diagnostics/` each.
//!
//! 01xx reading text · 02xx manifest · 03xx stacks and lock · 04xx playbooks · 05xx providers and hosts ·
//! 06xx artifacts.

use super::Code;

macro_rules! table {
    ($($constant:ident = $id:literal $name:literal;)*) => {
        /// One constant per offence.
        pub mod codes {
            use super::Code;
            $(
                #[doc = concat!("`", $name, "`; the page is `docs/diagnostics/", $name, ".md`.")]
                pub static $constant: Code = Code {
                    id: $id,
                    name: $name,
                    page: include_str!(concat!("../../docs/diagnostics/", $name, ".md")),
                };
            )*
        }
        /// Every offence, in the order of its id.
        pub static ALL: &[&Code] = &[$(&codes::$constant),*];
    };
}

table! {
    UNKNOWN_KEY = "AE0101" "unknown-key";
    WRONG_TYPE = "AE0102" "wrong-type";
    MISSING_KEY = "AE0103" "missing-key";
}
