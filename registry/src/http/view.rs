//! The form in which a caller wants schemas: `format`, `referenceFormat` and `findTags`. What a form
//! costs is a parse, and whoever asks for none pays nothing.

use openapi::{
    ids::{SchemaId, Subject},
    schemas::{RegisterResponse, SchemaEntity, SchemaTags},
};
use registry_core::{
    parser::{Parser, Unusable, parse_stored},
    rules::{self, Rejected},
    state::State as Snapshot,
};
use schema::{EntityKind, InvalidSchema, Schema, Tagged};

use super::{
    answer::Answer,
    dialect::Dialect,
    error::ApiError,
    query::Query,
    shown::{Shown, Stored},
};
use crate::{limits::INLINE_TEXT_MAX, service::Registry};

/// Stands for every tag.
const ANY_TAG: &str = "*";

/// What a caller asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    dialect: Dialect,
    /// With the types of references written out.
    is_resolved: bool,
    /// With references that name their context.
    is_qualified: bool,
    /// With the entities that have one of these.
    tags: Vec<String>,
}

/// What parsing was needed for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parsed {
    text: Option<String>,
    tags: Vec<SchemaTags>,
}

impl View {
    /// Of an endpoint that knows all parameters.
    pub(super) fn full(dialect: Dialect, query: &Query) -> Self {
        let is_qualified = query.text("referenceFormat") == Some("qualified");
        let tags = query.all("findTags").map(str::to_owned).collect();
        Self { is_qualified, tags, ..Self::formatted(dialect, query) }
    }

    /// Of an endpoint that knows `format` alone; a format that the language lacks means none.
    pub(super) fn formatted(dialect: Dialect, query: &Query) -> Self {
        let is_resolved = query.text("format") == Some("resolved");
        Self { dialect, is_resolved, is_qualified: false, tags: Vec::new() }
    }

    /// Whether a schema is wanted as it stands.
    pub(super) fn is_plain(&self) -> bool {
        !self.is_qualified && !self.needs_parsing()
    }

    fn needs_parsing(&self) -> bool {
        self.is_resolved || !self.tags.is_empty()
    }

    /// A version of a subject.
    pub(super) async fn version(
        &self,
        registry: &Registry,
        stored: &Stored,
    ) -> Result<Answer, ApiError> {
        Ok(Answer::json(&self.shown(registry, stored).await?.version()))
    }

    /// What an id stands for.
    pub(super) async fn by_id(
        &self,
        registry: &Registry,
        stored: &Stored,
        max_id: Option<SchemaId>,
    ) -> Result<Answer, ApiError> {
        Ok(Answer::json(&self.shown(registry, stored).await?.by_id(max_id)))
    }

    /// What a GUID stands for.
    pub(super) async fn by_guid(
        &self,
        registry: &Registry,
        stored: &Stored,
    ) -> Result<Answer, ApiError> {
        Ok(Answer::json(&self.shown(registry, stored).await?.by_guid()))
    }

    /// What became of a registration: its id, and more if the caller understands that or if the
    /// registry has added to the schema.
    pub(super) async fn registered(
        &self,
        registry: &Registry,
        subject: Subject,
        answer: rules::Answer,
    ) -> Result<Answer, ApiError> {
        let rules::Answer::Registered { id, version, content, timestamp, completed } = answer
        else {
            return Ok(answer.into());
        };
        if self.dialect == Dialect::Terse && !completed {
            return Ok(Answer::json(&RegisterResponse::from(id)));
        }
        let (is_new, timestamp) = (timestamp.is_none(), timestamp.unwrap_or_default());
        let stored = Stored { subject, version, id, timestamp, deleted: false, content };
        // It is registered, whether or not it can be shown in the form that was asked for.
        let shown = self.shown(registry, &stored).await;
        let shown = shown.unwrap_or_else(|_| stored.shown(self.dialect));
        Ok(Answer::json(&shown.registered(is_new)))
    }

    /// The text alone.
    pub(super) async fn text(
        &self,
        registry: &Registry,
        stored: &Stored,
    ) -> Result<Answer, ApiError> {
        let text = self.shown(registry, stored).await?.text;
        Ok(Answer::text(text.as_deref().unwrap_or(&stored.content.text)))
    }

    async fn shown<'a>(
        &self,
        registry: &Registry,
        stored: &'a Stored,
    ) -> Result<Shown<'a>, ApiError> {
        let Parsed { text, tags } = match self.needs_parsing() {
            true => self.parsed(registry, stored).await?,
            false => Parsed::default(),
        };
        let is_qualified = self.is_qualified;
        Ok(Shown { text, is_qualified, tags, ..stored.shown(self.dialect) })
    }

    async fn parsed(&self, registry: &Registry, stored: &Stored) -> Result<Parsed, ApiError> {
        let (view, stored) = (self.clone(), stored.clone());
        let content = &stored.content;
        let heavy = content.text.len() > INLINE_TEXT_MAX || !content.references.is_empty();
        let parsed =
            registry.compute(heavy, move |state, _, parser| view.parse(state, parser, &stored));
        parsed.await.map_err(ApiError::reading)
    }

    fn parse(
        &self,
        state: &Snapshot,
        parser: &dyn Parser,
        stored: &Stored,
    ) -> Result<Parsed, Rejected> {
        let refused = |error: &InvalidSchema| Rejected::InvalidSchema(error.to_string());
        let parsed = match parse_stored(parser, state, &stored.subject, &stored.content) {
            Ok(parsed) => parsed,
            // A language without a parser here has one form only, and no tags that could be found.
            Err(Unusable::UnknownType(_) | Unusable::Invalid(InvalidSchema::Unsupported(_))) => {
                return Ok(Parsed::default());
            }
            Err(error) => return Err(Rejected::InvalidSchema(error.to_string())),
        };
        let text = self.is_resolved.then(|| parsed.schema.resolved()).transpose();
        let text = text.map_err(|error| refused(&error))?;
        let tags = self.found(&parsed.schema).map_err(|error| refused(&error))?;
        Ok(Parsed { text, tags })
    }

    /// The entities that have a wanted tag, with all their tags.
    fn found(&self, schema: &Schema) -> Result<Vec<SchemaTags>, InvalidSchema> {
        if self.tags.is_empty() {
            return Ok(Vec::new());
        }
        let any = self.tags.iter().any(|tag| tag == ANY_TAG);
        let found = schema.tags()?.into_iter();
        let wanted =
            found.filter(|entity| any || entity.tags.iter().any(|tag| self.tags.contains(tag)));
        Ok(wanted.map(tags_shown).collect())
    }
}

fn tags_shown(Tagged { kind, path, tags }: Tagged) -> SchemaTags {
    let entity_type = match kind {
        EntityKind::Record => "sr_record",
        EntityKind::Field => "sr_field",
    };
    let schema_entity = SchemaEntity { entity_path: path, entity_type: entity_type.to_owned() };
    SchemaTags { schema_entity, tags }
}
