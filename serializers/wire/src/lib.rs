//! Framing of registry-aware messages: prefix id, prefix GUID, header GUID; no dependencies.
