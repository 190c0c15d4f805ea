//! The HTML shell.
