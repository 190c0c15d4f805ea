//! The simulator's dispatch table: the product's kinds, and a second one.

domain::subjects! {
    Report => domain::report::Reports,
    Marks => crate::marks::Marks,
}
