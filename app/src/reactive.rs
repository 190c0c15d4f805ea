//! Reactive values of any type, compiled once: the framework compiles a memo and a signal anew for each type in them,
//! and the browser downloads each. What is in these is shared and has its type put back when it is read.

use leptos::prelude::*;
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

trait Value: Send + Sync {
    fn is(&self, other: &dyn Any) -> bool;
    fn as_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
    fn as_ref(&self) -> &dyn Any;
}

impl<T: PartialEq + Send + Sync + 'static> Value for T {
    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>() == Some(self)
    }

    fn as_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }

    fn as_ref(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone)]
struct Erased(Arc<dyn Value>);

impl PartialEq for Erased {
    fn eq(&self, other: &Self) -> bool {
        self.0.is((*other.0).as_ref())
    }
}

impl Erased {
    fn read<T: Send + Sync + 'static>(self) -> Arc<T> {
        self.0.as_any().downcast().expect("it was put in with the same type")
    }
}

/// A value that is computed of others, anew when they change; who reads it is told when it is another one.
pub struct Computed<T>(Memo<Erased>, PhantomData<fn() -> T>);

impl<T> Clone for Computed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Computed<T> {}

fn memo(compute: Box<dyn Fn() -> Erased + Send + Sync>) -> Memo<Erased> {
    Memo::new(move |_| compute())
}

impl<T: PartialEq + Send + Sync + 'static> Computed<T> {
    /// Computes it when it is first read.
    #[must_use]
    pub fn new(compute: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(memo(Box::new(move || Erased(Arc::new(compute())))), PhantomData)
    }

    /// The value; who reads it follows it.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        self.0.get().read()
    }

    /// The value at this moment.
    #[must_use]
    pub fn now(&self) -> Arc<T> {
        self.0.get_untracked().read()
    }
}

/// A value that is set.
pub struct Slot<T>(RwSignal<Erased>, PhantomData<fn() -> T>);

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Slot<T> {}

impl<T: PartialEq + Send + Sync + 'static> Slot<T> {
    /// Holds a value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(RwSignal::new(Erased(Arc::new(value))), PhantomData)
    }

    /// The value; who reads it follows it.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        self.0.get().read()
    }

    /// The value at this moment.
    #[must_use]
    pub fn now(&self) -> Arc<T> {
        self.0.get_untracked().read()
    }

    /// Puts another value there. Who follows it is told only when it is another one.
    pub fn set(&self, value: T) {
        let value = Erased(Arc::new(value));
        if self.0.get_untracked() != value {
            self.0.set(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_read_with_its_type_and_followed_only_when_it_is_another() {
        let owner = Owner::new();
        owner.set();
        let (slot, computed) = (Slot::new(vec![1]), StoredValue::new(0));
        let length = Computed::new(move || {
            computed.update_value(|n| *n += 1);
            slot.get().len()
        });
        assert_eq!(*length.get(), 1);
        slot.set(vec![1]);
        assert_eq!((*length.get(), computed.get_value()), (1, 1), "the same again is no change");
        slot.set(vec![1, 2]);
        assert_eq!((*length.get(), *length.now(), computed.get_value()), (2, 2, 2));
    }
}
