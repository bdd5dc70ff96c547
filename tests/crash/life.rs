//! One incarnation of the process: its data directory and its writer, without threads.

use std::sync::Arc;

use arc_swap::ArcSwap;
use broker_core::{DataDir, DataDirOptions, ManualClock, Storage, TopicConfig};
use openapi::ids::Subject;
use registry::encoder::{Encoder, Secrets};
use registry::log::{Log, embedded};
use registry::open::{self, Logs, Replayed};
use registry::writer::Writer;
use registry_core::parser::PlainParser;
use registry_core::settings::Settings;
use registry_core::state::State;

use crate::sight::Sight;
use crate::tap::Tap;
use crate::wishes;

pub(crate) const SETTINGS: Settings = Settings::UPSTREAM;

/// Why the logs do not open.
pub(crate) type OpenFailure = Box<dyn std::error::Error>;

pub(crate) struct Life {
    pub(crate) writer: Writer,
    pub(crate) data: DataDir,
    /// What readers are shown.
    pub(crate) published: Arc<ArcSwap<State>>,
    /// What is appended to the log of schemas.
    pub(crate) tap: Tap,
}

impl Life {
    /// Opens the logs and replays them, as the service does.
    pub(crate) fn begin(
        storage: Arc<dyn Storage>,
        clock: Arc<ManualClock>,
        topic: &TopicConfig,
        now_ms: i64,
    ) -> Result<Self, OpenFailure> {
        let data = DataDir::open(storage, clock, DataDirOptions::stepped())?;
        let mut logs = logs(embedded::open_in(&data, topic)?);
        let Replayed { state, head, own } = open::replayed(&mut logs, now_ms, &mut |_| {})?;
        assert!(state.anomalies().is_empty(), "{:?}", state.anomalies());
        let published = Arc::new(ArcSwap::from_pointee(state));
        let tap = Tap::default();
        let logs = Logs { schemas: tap.on(logs.schemas), ..logs };
        let parser = Arc::new(PlainParser);
        let writer = Writer::new(logs, (head, own), published.clone(), SETTINGS, parser);
        Ok(Self { writer, data, published, tap })
    }

    pub(crate) fn sight(&self) -> Sight {
        sight(&self.published.load())
    }
}

/// The logs of a registry without a secret.
pub(crate) fn logs([schemas, marks, keysets]: [Log; 3]) -> Logs {
    Logs { schemas, marks, encoder: Encoder::new(keysets, Secrets::default()) }
}

/// What a state shows of the subjects that there are here.
pub(crate) fn sight(state: &State) -> Sight {
    Sight::of(state, &subjects())
}

fn subjects() -> [Subject; 3] {
    [0, 1, 2].map(wishes::subject)
}
