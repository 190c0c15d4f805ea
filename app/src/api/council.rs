//! Reading the council.

pub mod read;
