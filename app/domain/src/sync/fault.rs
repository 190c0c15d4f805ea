//! Faults that can be put into the core on purpose, so that the simulator proves that it would see them.
//!
//! Each stands at the very line that it breaks. Without the cargo feature `faults`, [`is`] is a constant `false` and
//! nothing of this is compiled into a product.

/// One way in which the core could be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An operation leaves the queue when it is handed to the network, not when it is answered.
    ClearBeforeAcknowledge,
    /// The server takes a change made on an older revision.
    LastWriteWins,
    /// The same operation goes out again under a new id.
    ForgetOpId,
    /// An answer is believed whatever content it is about.
    IgnoreHash,
    /// The council's draft replaces what is unsent.
    OverwriteUnsent,
    /// A conflict keeps the council's text only.
    DropMine,
    /// A merge puts one text after the other.
    Concatenate,
    /// An operation that was sent gets the council's newest revision.
    RebaseSent,
    /// Typing goes into an operation that was sent.
    CoalesceSent,
    /// A submission overtakes what it should wait for.
    SkipBarrier,
    /// The server adds an item that it has.
    DoubleItem,
    /// Typing replaces what the journal says meanwhile.
    OverwriteJournal,
    /// A merge takes the operation's text, not what was typed on since.
    ForgetTypedOn,
    /// An older draft of a restored server is believed.
    BelieveRestored,
    /// An item that a server has lost is not added again.
    AbandonItem,
    /// A receipt is shown though the server has no such submission.
    PretendReceipt,
    /// What was typed as a page went away does not know what it was typed on.
    ForgetLateBase,
    /// A shared computer forgets what was not sent, too.
    ForgetUnsent,
    /// A reader of another past is let go on from its cursor.
    ChainNotChecked,
    /// An operation is carried out on another subject.
    DispatchElsewhere,
    /// What was decided is carried out otherwise when it is read from the log.
    ApplyDiffers,
    /// What happens to a draft is told to everybody.
    WrongAudience,
    /// A table's cursor moves past batches that it has not taken in.
    TableBehindCursor,
}

impl Fault {
    /// Every one of them.
    pub const ALL: [Self; 23] = [
        Self::ClearBeforeAcknowledge,
        Self::LastWriteWins,
        Self::ForgetOpId,
        Self::IgnoreHash,
        Self::OverwriteUnsent,
        Self::DropMine,
        Self::Concatenate,
        Self::RebaseSent,
        Self::CoalesceSent,
        Self::SkipBarrier,
        Self::DoubleItem,
        Self::OverwriteJournal,
        Self::ForgetTypedOn,
        Self::BelieveRestored,
        Self::AbandonItem,
        Self::PretendReceipt,
        Self::ForgetLateBase,
        Self::ForgetUnsent,
        Self::ChainNotChecked,
        Self::DispatchElsewhere,
        Self::ApplyDiffers,
        Self::WrongAudience,
        Self::TableBehindCursor,
    ];
}

#[cfg(feature = "faults")]
mod active {
    use super::Fault;
    use std::cell::Cell;

    thread_local! {
        static ACTIVE: Cell<Option<Fault>> = const { Cell::new(None) };
    }

    /// Whether the fault is active on this thread.
    #[must_use]
    pub fn is(fault: Fault) -> bool {
        ACTIVE.with(Cell::get) == Some(fault)
    }

    /// Puts a fault into the core, for this thread, or takes it out.
    pub fn set(fault: Option<Fault>) {
        ACTIVE.with(|active| active.set(fault));
    }
}

#[cfg(feature = "faults")]
pub use active::{is, set};

/// Whether the fault is active: never, in a product.
#[cfg(not(feature = "faults"))]
#[must_use]
pub const fn is(_fault: Fault) -> bool {
    false
}

/// Another id, made from this one, for [`Fault::ForgetOpId`].
#[must_use]
pub fn other_id(id: crate::id::OpId) -> crate::id::OpId {
    let mut text = id.to_string();
    let last = if text.pop() == Some('0') { '1' } else { '0' };
    text.push(last);
    text.parse().unwrap_or(id)
}
