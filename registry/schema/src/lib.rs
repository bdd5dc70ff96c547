//! One face over the schema formats: parsing, identity, levels and findings.
