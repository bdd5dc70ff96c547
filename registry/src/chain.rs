//! An error with its causes, for one line: an error's own words leave the cause out.

use std::{error::Error, fmt, iter};

/// Prints the error, then each cause after a colon.
#[derive(Debug)]
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)?;
        let causes = iter::successors(self.0.source(), |error| (*error).source());
        causes.into_iter().try_for_each(|cause| write!(out, ": {cause}"))
    }
}
