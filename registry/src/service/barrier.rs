//! Reads that wait for a write: a write is answered with a token, the identity of the log and how far
//! it reached; a read that brings the token waits, not for ever, until this node has seen as much.

use std::{fmt, str::FromStr};

use thiserror::Error;
use tokio::time::Instant;

use super::{Registry, RegistryError};
use crate::limits::BARRIER_WAIT_MAX;

/// How much of which log somebody has seen: `LOG:HEAD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    log: String,
    head: i64,
}

/// Why a read does not get what it waits for.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Unseen {
    #[error("The token '{0}' is not of the form LOG:HEAD")]
    Malformed(String),
    #[error("The token '{0}' is of another log; this one is {1}")]
    OtherLog(Token, String),
    #[error("This node has not seen what the token '{0}' asks for")]
    Late(Token),
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl fmt::Display for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.log, self.head)
    }
}

impl FromStr for Token {
    type Err = Unseen;

    fn from_str(text: &str) -> Result<Self, Unseen> {
        let malformed = || Unseen::Malformed(text.to_owned());
        let (log, head) = text.trim().rsplit_once(':').ok_or_else(malformed)?;
        let head = head.parse().map_err(|_| malformed())?;
        Ok(Self { log: log.to_owned(), head })
    }
}

impl Registry {
    /// What has been seen so far; none while the log is still being read.
    pub fn token(&self) -> Option<Token> {
        let state = self.snapshot().ok()?;
        Some(Token { log: self.identity().log_id.clone(), head: state.head() })
    }

    /// Waits until as much has been seen as a token says.
    pub async fn reach(&self, token: &Token) -> Result<(), Unseen> {
        let deadline = Instant::now() + BARRIER_WAIT_MAX;
        loop {
            // Asked for before looking, so that no news is missed in between.
            let news = self.0.published_news.notified();
            let head = self.snapshot()?.head();
            let log = &self.identity().log_id;
            if *log != token.log {
                return Err(Unseen::OtherLog(token.clone(), log.clone()));
            }
            if head >= token.head {
                return Ok(());
            }
            let waited = tokio::time::timeout_at(deadline, news).await;
            waited.map_err(|_| Unseen::Late(token.clone()))?;
        }
    }

    /// Tells those who wait that a new state is published.
    pub fn tell_news(&self) {
        self.0.published_news.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_log_and_a_head() {
        let token: Token = "8f2e-1:42".parse().unwrap();
        assert_eq!(token, Token { log: "8f2e-1".to_owned(), head: 42 });
        assert_eq!(token.to_string(), "8f2e-1:42");
        for wrong in ["", "8f2e", "8f2e:", "8f2e:x", "8f2e:9223372036854775808"] {
            assert_eq!(wrong.parse::<Token>(), Err(Unseen::Malformed(wrong.to_owned())));
        }
    }
}
