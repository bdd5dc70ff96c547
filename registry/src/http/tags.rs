//! `/subjects/{subject}/versions/{version}/tags`, and tags as bodies spell them.

use axum::extract::State;
use openapi::schemas::{SchemaTags, TagsRequest};
use registry_core::rules::{self, Rejected, Retagging, TagEdits};
use schema::{EntityKind, Tagged};

use super::{
    answer::Answer,
    caller::Caller,
    dialect::Dialect,
    error::ApiError,
    extract::{BodyName, InSubject, InVersion, Json},
    query::Query,
    versions::{submitted, version_asked},
};
use crate::service::Registry;

pub(super) struct TagsBody;

impl BodyName for TagsBody {
    const NAME: &'static str = "modifyTags.request";
}

pub(super) async fn edit(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    InVersion(version): InVersion,
    caller: Caller,
    dialect: Dialect,
    query: Query,
    Json(body, _): Json<TagsRequest, TagsBody>,
) -> Result<Answer, ApiError> {
    let tags = edits(body.tags_to_add, body.tags_to_remove, false)?;
    let retagging = Retagging {
        subject,
        version,
        becomes: version_asked(body.new_version)?,
        tags,
        metadata: body.metadata,
        rule_set: body.rule_set.map(rules::completed_rules),
        rules_to_merge: body.rules_to_merge.map(rules::completed_rules),
        rules_to_remove: body.rules_to_remove.unwrap_or_default(),
    };
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let new = caller.asks(rules::retagged(&state, retagging)?);
    submitted(&registry, new, dialect, &query).await
}

/// Edits as a body spells them.
pub(super) fn edits(
    add: Option<Vec<SchemaTags>>,
    remove: Option<Vec<SchemaTags>>,
    propagate: bool,
) -> Result<TagEdits, Rejected> {
    let all = |list: Option<Vec<SchemaTags>>| {
        list.unwrap_or_default().into_iter().map(tagged).collect::<Result<_, _>>()
    };
    Ok(TagEdits { add: all(add)?, remove: all(remove)?, propagate })
}

fn tagged(asked: SchemaTags) -> Result<Tagged, Rejected> {
    let kind = match asked.schema_entity.entity_type.as_str() {
        "sr_record" => EntityKind::Record,
        "sr_field" => EntityKind::Field,
        other => {
            let what = format!("Tags stand on an sr_record or an sr_field, not on '{other}'");
            return Err(Rejected::InvalidSchema(what));
        }
    };
    Ok(Tagged { kind, path: asked.schema_entity.entity_path, tags: asked.tags })
}
