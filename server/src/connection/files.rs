//! How many files this process may open: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than this is of no use here.
const ENOUGH: u64 = 65_536;

/// Raises the limit of open files as far as this process may, and returns it.
pub fn raise_limit() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(ENOUGH).min(ENOUGH);
    let Some(current) = current else { return as_usize(ENOUGH) };
    if current >= wanted {
        return as_usize(current);
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        Ok(()) => as_usize(wanted),
        Err(error) => {
            tracing::warn!(%error, current, wanted, "the limit of open files could not be raised");
            as_usize(current)
        }
    }
}

fn as_usize(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_raised_once_and_then_is_what_it_is() {
        let raised = raise_limit();
        assert!(raised >= 256);
        assert_eq!(raise_limit(), raised);
    }
}
