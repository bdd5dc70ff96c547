//! Pure work on a snapshot: where it runs, so that one caller's megabyte delays nobody else.

use openapi::ids::{Subject, VersionRef};
use registry_core::{
    parser::Parser,
    rules::{NewSchema, Rejected},
    settings::Settings,
    state::{State, Visibility},
};

use super::{Registry, RegistryError};
use crate::limits::{INLINE_TEXT_MAX, INLINE_VERSIONS_MAX};

impl Registry {
    /// Whether reading a schema, and holding it against the versions of its subject, may take long
    /// enough to delay other callers.
    pub fn is_heavy(&self, asked: &NewSchema) -> bool {
        // What is referred to, inherited or edited may be as large as anything.
        let is_open = asked.text.is_empty() || !asked.references.is_empty();
        is_open
            || !asked.tags.is_empty()
            || asked.text.len() > INLINE_TEXT_MAX
            || self.is_long(&asked.subject)
    }

    /// Whether so much of a subject may have to be read that it takes long enough.
    fn is_long(&self, subject: &Subject) -> bool {
        let state = self.0.published.load();
        let Some(head) = state.subject(subject) else { return false };
        let newest = state.resolve(subject, VersionRef::Latest, Visibility::Active);
        let is_large = newest.is_some_and(|(_, row)| {
            let content = state.content_of(subject, row);
            content.text.len() > INLINE_TEXT_MAX || !content.references.is_empty()
        });
        let reaches_far = || state.effective_level(subject, self.default_level()).is_transitive();
        is_large
            || head.carrying > INLINE_VERSIONS_MAX
            || (head.live > INLINE_VERSIONS_MAX && reaches_far())
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
