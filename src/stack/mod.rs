//! The compatibility tables and what follows from them. Knows nothing of how anything is installed.
