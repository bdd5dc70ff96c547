//! The parameters of operations. Each has one meaning wherever it is taken, so each stands in the
//! document once and operations refer to it.

use openapi::{error::ErrorCode, limits::NAME_SIZE_MAX};
use utoipa::openapi::{
    ArrayBuilder, Components, ObjectBuilder, Ref, Required, Schema,
    path::{Parameter as Described, ParameterBuilder, ParameterIn},
    schema::{KnownFormat, SchemaFormat, Type},
};

/// Where a parameter is given, what it is, and what is answered when it is wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    name: &'static str,
    place: Place,
    kind: Kind,
    about: &'static str,
    example: &'static str,
    pub(super) failures: &'static [ErrorCode],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Path,
    Query,
    Header,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Text,
    Texts,
    Flag,
    Number,
}

impl Parameter {
    const fn path(name: &'static str, kind: Kind, about: &'static str) -> Self {
        let failures = &[ErrorCode::NotFound];
        Self { name, place: Place::Path, kind, about, example: "", failures }
    }

    const fn query(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, place: Place::Query, kind, about, example: "", failures: &[] }
    }

    const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    const fn fails(self, failures: &'static [ErrorCode]) -> Self {
        Self { failures, ..self }
    }
}

/// The parameter that a segment of a path in braces is.
pub(super) fn in_path(name: &str) -> Parameter {
    let known = [SUBJECT, VERSION, ID, GUID, CONTEXT, FILE];
    let found = known.into_iter().find(|parameter| parameter.name == name);
    found.expect("every segment in braces is described")
}

const SUBJECT: Parameter = Parameter::path(
    "subject",
    Kind::Name,
    "A subject, qualified (`:.eu:orders-value`) if it is in a context.",
)
.example("orders-value")
.fails(&[ErrorCode::NotFound, ErrorCode::InvalidSubject]);

const VERSION: Parameter = Parameter::path(
    "version",
    Kind::Text,
    "A version's number, or `latest` (also written `-1`) for the newest that is not deleted.",
)
.example("latest")
.fails(&[ErrorCode::NotFound, ErrorCode::InvalidVersion]);

const ID: Parameter =
    Parameter::path("id", Kind::Number, "The id of a schema, as messages carry it.").example("1");

const GUID: Parameter =
    Parameter::path("guid", Kind::Text, "The hash of a schema's content, in the form of a UUID.")
        .example("095d71cf-1255-6b9d-5e33-0ad575b3df5d");

const CONTEXT: Parameter =
    Parameter::path("context", Kind::Name, "A context: `.eu`, `eu` or `:.eu:`.")
        .example(".eu")
        .fails(&[ErrorCode::NotFound, ErrorCode::BadRequest, ErrorCode::InvalidSubject]);

const FILE: Parameter =
    Parameter::path("file", Kind::Text, "What the page names.").example("viewer.js");

pub(super) const DELETED: Parameter =
    Parameter::query("deleted", Kind::Flag, "Also what is soft-deleted.");
pub(super) const DELETED_ONLY: Parameter = Parameter::query(
    "deletedOnly",
    Kind::Flag,
    "Only what is soft-deleted; counts more than `deleted`.",
);
pub(super) const DELETED_AS_NEGATIVE: Parameter = Parameter::query(
    "deletedAsNegative",
    Kind::Flag,
    "Shows soft-deleted versions as negative numbers.",
);
pub(super) const PERMANENT: Parameter =
    Parameter::query("permanent", Kind::Flag, "Deletes for good what is soft-deleted already.");
pub(super) const NORMALIZE: Parameter = Parameter::query(
    "normalize",
    Kind::Flag,
    "Brings the schema into its normal form first, so that insignificant differences do not count.",
);
pub(super) const FORCE: Parameter = Parameter::query(
    "force",
    Kind::Flag,
    "Does it even where subjects exist or a check forbids it.",
);
pub(super) const RECURSIVE: Parameter =
    Parameter::query("recursive", Kind::Flag, "Also the modes of the subjects below.");
pub(super) const VERBOSE: Parameter =
    Parameter::query("verbose", Kind::Flag, "Also tells the reasons, in `messages`.");
pub(super) const DEFAULT_TO_GLOBAL: Parameter = Parameter::query(
    "defaultToGlobal",
    Kind::Flag,
    "What counts here, wherever it is set, instead of a failure where nothing is.",
);
pub(super) const LATEST_ONLY: Parameter =
    Parameter::query("latestOnly", Kind::Flag, "Only the newest version of each subject.");
pub(super) const ALIASES: Parameter = Parameter::query(
    "aliases",
    Kind::Flag,
    "Also the subjects that stand for another one, with the names that do so for each.",
);
pub(super) const RULE_TYPE: Parameter =
    Parameter::query("ruleType", Kind::Texts, "Only schemas with a rule of one of these types.");
pub(super) const FORMAT: Parameter = Parameter::query(
    "format",
    Kind::Text,
    "`resolved` writes the types of references out; anything else means the text as it is stored.",
);
pub(super) const REFERENCE_FORMAT: Parameter = Parameter::query(
    "referenceFormat",
    Kind::Text,
    "`qualified` has references name their context.",
);
pub(super) const FIND_TAGS: Parameter = Parameter::query(
    "findTags",
    Kind::Texts,
    "Also tells which records and fields have one of these tags, or any if it is `*`.",
);
pub(super) const KEY: Parameter =
    Parameter::query("key", Kind::Texts, "The names of properties of the metadata.");
pub(super) const VALUE: Parameter =
    Parameter::query("value", Kind::Texts, "Their values, in the same order.");
pub(super) const FETCH_MAX_ID: Parameter =
    Parameter::query("fetchMaxId", Kind::Flag, "Also tells the largest id of the context.");
pub(super) const OFFSET: Parameter =
    Parameter::query("offset", Kind::Number, "How many to leave out at the beginning.")
        .fails(&[ErrorCode::NotFound]);
pub(super) const LIMIT: Parameter =
    Parameter::query("limit", Kind::Number, "How many to give; all, if it is not above zero.")
        .fails(&[ErrorCode::NotFound]);
pub(super) const SUBJECT_PREFIX: Parameter = Parameter::query(
    "subjectPrefix",
    Kind::Name,
    "Only subjects that begin so: `:*:orders` in every context, `:.eu:orders` in one, `orders` in the \
     default one.",
)
.fails(&[ErrorCode::InvalidSubject]);
pub(super) const CONTEXT_PREFIX: Parameter =
    Parameter::query("contextPrefix", Kind::Text, "Only contexts that begin so.");
pub(super) const OF_SUBJECT: Parameter = Parameter::query(
    "subject",
    Kind::Name,
    "A subject or context (`:.eu:`) to look into, since ids are counted in each context anew.",
)
.fails(&[ErrorCode::InvalidSubject]);

/// The caller's own id of a request.
pub(super) const REQUEST_ID: Parameter = Parameter {
    place: Place::Header,
    ..Parameter::query("X-Request-ID", Kind::Text, "Echoed in the answer and named in the log.")
};

/// How much the answer may tell.
pub(super) const ACCEPTS_UNKNOWN: Parameter = Parameter {
    place: Place::Header,
    ..Parameter::query(
        "Confluent-Accept-Unknown-Properties",
        Kind::Flag,
        "The caller takes what it does not know: it is answered as by the 8.x releases of Confluent's \
         registry, otherwise as by the 7.x ones, unless the server is set to one of them.",
    )
};

/// How far the log must have been read.
pub(super) const TOKEN: Parameter = Parameter {
    place: Place::Header,
    failures: &[ErrorCode::Unprocessable, ErrorCode::Unavailable],
    ..Parameter::query(
        "Syngraph-Token",
        Kind::Text,
        "The token of a write, which is then sure to be seen.",
    )
};

impl Parameter {
    /// A reference to it; it goes where the reference finds it.
    pub(super) fn collect_into(self, components: &mut Components) -> Ref {
        let name = format!("{}.{}", self.place.word(), self.name);
        components.parameters.entry(name.clone()).or_insert_with(|| self.described().into());
        Ref::new(format!("#/components/parameters/{name}"))
    }

    fn described(self) -> Described {
        let required = if self.place == Place::Path { Required::True } else { Required::False };
        let builder = ParameterBuilder::new().name(self.name).parameter_in(self.place.into());
        let builder = builder.required(required).description(Some(self.about));
        let example = match self.kind {
            Kind::Number => self.example.parse::<i32>().ok().map(Into::into),
            _ => (!self.example.is_empty()).then(|| self.example.into()),
        };
        builder.schema(Some(self.kind.schema())).example(example).build()
    }
}

impl Place {
    fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

impl From<Place> for ParameterIn {
    fn from(place: Place) -> Self {
        match place {
            Place::Path => Self::Path,
            Place::Query => Self::Query,
            Place::Header => Self::Header,
        }
    }
}

impl Kind {
    fn schema(self) -> Schema {
        let object = ObjectBuilder::new();
        let schema = match self {
            Self::Name => object.schema_type(Type::String).max_length(Some(NAME_SIZE_MAX)),
            Self::Text => object.schema_type(Type::String),
            Self::Texts => {
                let text = ObjectBuilder::new().schema_type(Type::String);
                return ArrayBuilder::new().items(text).into();
            }
            Self::Flag => object.schema_type(Type::Boolean).default(Some(false.into())),
            Self::Number => {
                let format = SchemaFormat::KnownFormat(KnownFormat::Int32);
                object.schema_type(Type::Integer).format(Some(format))
            }
        };
        schema.into()
    }
}
