//! The dispatch table: every kind of subject that the product knows. The only place that names all features of the
//! log; a new one is a line here.
//!
//! The wall ([`crate::projection`]) is the one kind that is not in this table, on purpose. It counts its own revisions
//! outside the council's sequence: what is shown is no part of the record, a page that is turned must not contend with
//! a report that is submitted, and it is never drafted offline, so it needs neither outbox nor history. Its rules are
//! [`Projection::apply`](crate::projection::Projection::apply).

crate::subjects! {
    Report => crate::report::Reports,
}
