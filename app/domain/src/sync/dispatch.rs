//! Which feature an operation belongs to, by its subject.
//!
//! The table of the product is `crate::subjects`; the simulator has one of its own. A feature joins by one line there.

use crate::council::audience::Audience;
use crate::sync::decide::{Decided, Decision, Done, Surroundings};
use crate::sync::fault::{self, Fault};
use crate::sync::op::Operation;
use crate::sync::subject::Subject;
use crate::sync::wire::Seq;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// A kind of subject: what a feature gives to the server's writer and to the readers of its log.
pub trait Kind {
    /// The subject as the server holds it.
    type State: Clone + Debug + PartialEq;
    /// What its events say.
    type Event: Clone + Debug + PartialEq;
    /// Which parts of its state an operation changed, for derived tables.
    type Touched: Clone + Debug + PartialEq;

    /// The state before anybody changed it; none when the subject is of another kind.
    fn empty(subject: &Subject) -> Option<Self::State>;

    /// Decides an operation and carries it out on `state`. `last` is the last sequence number given out; the events
    /// take the numbers after it. An operation that is not accepted changes nothing.
    ///
    /// The caller has checked that the person may do it, and that its `op_id` was not answered before.
    fn decide(
        state: &mut Self::State,
        operation: &Operation,
        around: Surroundings<'_>,
        last: Seq,
    ) -> Decision<Self::Event, Self::Touched>;

    /// Carries out an operation that was decided before: the state and the events are those of the decision. One that
    /// is in the state already (at or before its last change) does nothing.
    fn apply(state: &mut Self::State, decided: Decided<'_>) -> Done<Self::Event, Self::Touched>;

    /// For whom an event is. Whatever gives events out asks [`hears`](crate::council::permit::hears) with it.
    fn audience(subject: &Subject, event: &Self::Event) -> Audience;
}

/// States by subject.
#[derive(Debug, Clone, PartialEq)]
pub struct States<S>(BTreeMap<Subject, S>);

impl<S> Default for States<S> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<S> States<S> {
    /// The state of a subject, made by `empty` when it is not here. None: nobody knows this kind of subject.
    pub fn of(&mut self, subject: &Subject, empty: impl FnOnce(&Subject) -> Option<S>) -> Option<&mut S> {
        if fault::is(Fault::DispatchElsewhere)
            && let Some(other) = self.0.keys().find(|other| *other != subject).cloned()
        {
            return self.0.get_mut(&other);
        }
        if !self.0.contains_key(subject) {
            self.0.insert(subject.clone(), empty(subject)?);
        }
        self.0.get_mut(subject)
    }

    /// The state of a subject, when it is here.
    #[must_use]
    pub fn get(&self, subject: &Subject) -> Option<&S> {
        self.0.get(subject)
    }

    /// Each subject with its state.
    pub fn iter(&self) -> impl Iterator<Item = (&Subject, &S)> {
        self.0.iter()
    }
}

/// Makes a dispatch table: the enums `State`, `Event` and `Touched` with one variant for each [`Kind`], and the functions
/// `decide` and `apply` over them.
#[macro_export]
macro_rules! subjects {
    ($($name:ident => $kind:ty),+ $(,)?) => {
        /// The state of a subject.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "a variant is named as its kind")]
        pub enum State { $($name(<$kind as $crate::sync::dispatch::Kind>::State)),+ }

        /// What an event says.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "a variant is named as its kind")]
        pub enum Event { $($name(<$kind as $crate::sync::dispatch::Kind>::Event)),+ }

        /// Which parts of a state changed.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "a variant is named as its kind")]
        pub enum Touched { $($name(<$kind as $crate::sync::dispatch::Kind>::Touched)),+ }

        impl State {
            /// The state of a subject before anybody changed it; none when no feature knows it.
            #[must_use]
            pub fn empty(subject: &$crate::sync::subject::Subject) -> Option<Self> {
                $(if let Some(state) = <$kind as $crate::sync::dispatch::Kind>::empty(subject) {
                    return Some(Self::$name(state));
                })+
                None
            }
        }

        /// Decides an operation and carries it out: see [`Kind::decide`]($crate::sync::dispatch::Kind::decide).
        pub fn decide(
            state: &mut State,
            operation: &$crate::sync::op::Operation,
            around: $crate::sync::decide::Surroundings<'_>,
            last: $crate::sync::wire::Seq,
        ) -> $crate::sync::decide::Decision<Event, Touched> {
            use $crate::sync::decide::Decision;
            match state {
                $(State::$name(state) => {
                    let Decision { outcome, done } =
                        <$kind as $crate::sync::dispatch::Kind>::decide(state, operation, around, last);
                    Decision { outcome, done: done.map(Event::$name, Touched::$name) }
                })+
            }
        }

        /// Carries out an operation that was decided: see [`Kind::apply`]($crate::sync::dispatch::Kind::apply).
        pub fn apply(
            state: &mut State,
            decided: $crate::sync::decide::Decided<'_>,
        ) -> $crate::sync::decide::Done<Event, Touched> {
            match state {
                $(State::$name(state) => {
                    <$kind as $crate::sync::dispatch::Kind>::apply(state, decided).map(Event::$name, Touched::$name)
                })+
            }
        }

        /// For whom an event is.
        #[must_use]
        pub fn audience(event: &$crate::sync::decide::Event<Event>) -> $crate::council::audience::Audience {
            match &event.kind {
                $(Event::$name(kind) => <$kind as $crate::sync::dispatch::Kind>::audience(&event.subject, kind),)+
            }
        }
    };
}
