//! The engine seen from outside, for probes and counters. Looking may wait for a sync, a compaction
//! or a disk that hangs, so it happens on a thread that may block, and no more than a few at a time
//! do.

use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;

use crate::{
    limits::PROBES_MAX,
    log::{LogView, Watch},
};

/// What was seen, at the time of asking.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Every log; none before they are open.
    pub logs: Vec<LogView>,
    /// Room on the disk that they are on, in bytes.
    pub free_disk: u64,
}

/// Where one looks from.
pub struct Lookout {
    watch: OnceLock<Arc<dyn Watch>>,
    places: Arc<Semaphore>,
}

impl Default for Lookout {
    fn default() -> Self {
        Self { watch: OnceLock::new(), places: Arc::new(Semaphore::new(PROBES_MAX)) }
    }
}

impl Lookout {
    /// Shows the engine, once it is open.
    pub fn watch(&self, watch: Arc<dyn Watch>) {
        let first = self.watch.set(watch).is_ok();
        assert!(first, "an engine is opened once");
    }

    /// Looks.
    pub async fn look(&self) -> Outside {
        let Some(watch) = self.watch.get().cloned() else { return Outside::default() };
        let Ok(place) = self.places.clone().acquire_owned().await else {
            return Outside::default();
        };
        let looked = tokio::task::spawn_blocking(move || {
            let outside = Outside { logs: watch.logs(), free_disk: watch.free_disk() };
            drop(place);
            outside
        });
        looked.await.unwrap_or_default()
    }
}

impl std::fmt::Debug for Lookout {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Lookout").finish_non_exhaustive()
    }
}
