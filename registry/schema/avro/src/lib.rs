//! Avro schemas: model, parser, canonical text, fingerprints and the reader/writer rules.
