//! What a compatibility check found, as data, and the sentences built from it.
