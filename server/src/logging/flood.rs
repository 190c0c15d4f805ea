//! A log that a flood does not fill: of each line of the program that logs, so many a second are written, and what was left
//! out is counted and said once a minute. Errors are always written.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{LazyLock, Mutex, PoisonError};
use tracing::callsite::Identifier;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Filter};

/// Lines of one place in a second, and at once.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(50).expect("not zero");
const AT_ONCE: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");

static WRITTEN: LazyLock<DefaultKeyedRateLimiter<Identifier>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_second(PER_SECOND).allow_burst(AT_ONCE)));
static LEFT_OUT: Mutex<Option<HashMap<&'static str, u64>>> = Mutex::new(None);

/// The filter.
#[derive(Debug, Clone, Copy)]
pub struct Flood;

impl<S: Subscriber> Filter<S> for Flood {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() == Level::ERROR || WRITTEN.check_key(&metadata.callsite()).is_ok() {
            return true;
        }
        let mut left_out = LEFT_OUT.lock().unwrap_or_else(PoisonError::into_inner);
        *left_out.get_or_insert_default().entry(metadata.target()).or_default() += 1;
        false
    }
}

/// Says what was left out since it was said last.
pub fn say_what_was_left_out() {
    let left_out = LEFT_OUT.lock().unwrap_or_else(PoisonError::into_inner).take();
    for (target, lines) in left_out.into_iter().flatten() {
        // By the level of an error, so that this line is never left out.
        tracing::error!(of = target, lines, "lines of the log were left out: there were too many at once");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::Arc;
    use tracing_subscriber::layer::{Layer, SubscriberExt};

    #[derive(Clone, Default)]
    struct Text(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Text {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_flood_is_cut_and_counted_and_errors_are_not() {
        let text = Text::default();
        let writer = text.clone();
        let lines = tracing_subscriber::fmt::layer().with_writer(move || writer.clone()).with_filter(Flood);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
            for _ in 0..5_000 {
                tracing::info!("a stranger");
            }
            for _ in 0..1_500 {
                tracing::error!("broken");
            }
            tracing::info!("from elsewhere");
            say_what_was_left_out();
        });
        let text = String::from_utf8(text.0.lock().expect("no panic").clone()).expect("text");
        let count = |words: &str| text.lines().filter(|line| line.contains(words)).count();
        assert!((1_000..2_000).contains(&count("a stranger")), "{}", count("a stranger"));
        assert_eq!((count("broken"), count("from elsewhere"), count("were left out")), (1_500, 1, 1));
    }
}
