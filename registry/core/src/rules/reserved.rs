//! Reserved fields (`registry-api` 2.10): names that a schema's own metadata forbids, checked where
//! `validateFields` says so, whatever the level.

use openapi::contracts::Metadata;
use schema::Schema;

/// The metadata property that lists them, separated by commas.
const RESERVED_PROPERTY: &str = "confluent:reserved";

/// What stands against a schema: reserved names that it gives free, and those that it uses.
pub(super) fn messages(
    schema: &Schema,
    metadata: Option<&Metadata>,
    earlier: Option<&Metadata>,
) -> Vec<String> {
    let reserved: Vec<&str> = names(metadata).collect();
    let freed = names(earlier).filter(|name| !reserved.contains(name)).map(|name| {
        format!(
            "The new schema has reserved field {name} removed from its metadata which is present \
             in the old schema's metadata."
        )
    });
    let used = reserved.iter().filter(|name| schema.field_names().any(|field| field == **name));
    let used = used.map(|name| {
        format!("The new schema has field that conflicts with the reserved field {name}.")
    });
    freed.chain(used).collect()
}

fn names(metadata: Option<&Metadata>) -> impl Iterator<Item = &str> {
    let listed = metadata.and_then(|metadata| metadata.property(RESERVED_PROPERTY));
    listed.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty())
}
