//! The contract: ids, paths, bodies and error codes that both sides of the wire compile against.
