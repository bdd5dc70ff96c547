//! The registry as a pure fold over its logs: rules, state and records.
