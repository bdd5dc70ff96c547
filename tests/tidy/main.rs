//! What the eye cannot hold: dependency arrows, stubs, documents that change together.
