//! Pure work on a snapshot: where it runs, so that one caller's megabyte delays nobody else.

use openapi::ids::Subject;
use registry_core::{parser::Parser, rules::Rejected, settings::Settings, state::State};

use super::{Registry, RegistryError};
use crate::limits::{INLINE_TEXT_MAX, INLINE_VERSIONS_MAX};

impl Registry {
    /// Whether parsing and checking a text may take long enough to delay other callers.
    pub fn is_heavy(&self, text: &str) -> bool {
        text.len() > INLINE_TEXT_MAX
    }

    /// Whether so many versions of a subject may have to be checked that it takes long enough.
    pub fn is_long(&self, subject: &Subject) -> bool {
        let state = self.0.published.load();
        let versions = state.subject(subject).map_or(0, |head| head.live);
        versions > INLINE_VERSIONS_MAX
            && state.effective_level(subject, self.default_level()).is_transitive()
    }

    /// Runs pure work on a snapshot, on a thread that may block if it is heavy; of such work there
    /// is no more at a time than there are processors, so that it neither starves everybody else
    /// nor piles up when callers give up.
    pub async fn compute<T: Send + 'static>(
        &self,
        heavy: bool,
        work: impl FnOnce(&State, &Settings, &dyn Parser) -> Result<T, Rejected> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let state = self.snapshot()?;
        if !heavy {
            return Ok(work(&state, &self.0.settings, self.0.parser.as_ref())?);
        }
        let shared = self.0.clone();
        let turn = self.0.heavy.clone().acquire_owned().await;
        let turn = turn.map_err(|_| RegistryError::Stopping)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&state, &shared.settings, shared.parser.as_ref());
            drop(turn);
            result
        });
        match done.await {
            Ok(result) => Ok(result?),
            // A panic goes on where it is answered and logged, as one on this thread would.
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(RegistryError::Stopping),
            },
        }
    }
}
