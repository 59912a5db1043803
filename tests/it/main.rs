//! The one integration binary: adding a test is adding a file here.

mod support;
mod yaml;
