//! Every error code of the API, once, with its status; and the body that carries it.
//! Source: the code table of the registry's public API; what is not answered yet stands here too,
//! since clients know it. The message texts that go with a code are built where the failure is
//! known, and `docs/errors/` has a page for each.

use serde::{Deserialize, Serialize};

/// The body of every failure: these two fields and nothing else, because old clients refuse more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// A code of the table, or the HTTP status where the failure has no code of its own.
    pub error_code: u32,
    /// What happened, in upstream's words where upstream has any.
    pub message: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// A failure as clients know it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $name,)* }

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The number on the wire.
            pub const fn code(self) -> u32 {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or JSON of the wrong shape.
    BadRequest = 400,
    /// No such path.
    NotFound = 404,
    /// The path does not know this method.
    MethodNotAllowed = 405,
    /// None of the content types produced is acceptable.
    NotAcceptable = 406,
    /// The request took longer to arrive than the server waits.
    RequestTimeout = 408,
    /// The schema is incompatible with an earlier one (7.x dialect).
    IncompatibleSchema = 409,
    /// The body is larger than the server reads.
    PayloadTooLarge = 413,
    /// The body is of a content type that is not consumed.
    UnsupportedMediaType = 415,
    /// The body is missing, or asks for what this server does not do.
    Unprocessable = 422,
    /// The request line and headers are larger than the server reads.
    HeadersTooLarge = 431,
    /// Unforeseen failure.
    Internal = 500,
    /// The log is being read; nothing can be answered yet, or too much is queued.
    Unavailable = 503,
    /// The request ran longer than the server allows.
    Timeout = 504,
    /// No such subject.
    SubjectNotFound = 40401,
    /// No such version.
    VersionNotFound = 40402,
    /// No such schema.
    SchemaNotFound = 40403,
    /// The subject is already soft-deleted.
    SubjectSoftDeleted = 40404,
    /// The subject must be soft-deleted before it is deleted permanently.
    SubjectNotSoftDeleted = 40405,
    /// The version is already soft-deleted.
    VersionSoftDeleted = 40406,
    /// The version must be soft-deleted before it is deleted permanently.
    VersionNotSoftDeleted = 40407,
    /// The subject has no compatibility configuration of its own.
    SubjectConfigNotFound = 40408,
    /// The subject has no mode of its own.
    SubjectModeNotFound = 40409,
    /// The schema is incompatible with an earlier one (8.x dialect, the rich one).
    IncompatibleSchemaRich = 40901,
    /// The schema does not parse.
    InvalidSchema = 42201,
    /// The version in the path is none.
    InvalidVersion = 42202,
    /// Not one of the seven levels.
    InvalidCompatibilityLevel = 42203,
    /// Not one of the modes.
    InvalidMode = 42204,
    /// The mode forbids it.
    OperationNotPermitted = 42205,
    /// Other schemas refer to this one.
    ReferenceExists = 42206,
    /// The id of an imported schema is not the one that it has.
    IdMismatch = 42207,
    /// The subject name is malformed.
    InvalidSubject = 42208,
    /// The schema is larger than a log entry may be.
    SchemaTooLarge = 42209,
    /// The rule set breaks the rules for rules.
    InvalidRuleSet = 42210,
    /// The context still has versions.
    ContextNotEmpty = 42211,
    /// The log could not be written.
    StoreError = 50001,
    /// It is not known whether the log was written.
    OperationTimeout = 50002,
    /// The writer could not be asked.
    ForwardingFailed = 50003,
    /// No writer is known.
    LeaderUnknown = 50004,
    /// Never sent: a client's own, for an error body that it could not read.
    UnreadableAnswer = 50005,
}

impl ErrorCode {
    /// The HTTP status: the code's first three digits.
    pub const fn status(self) -> u16 {
        let mut status = self.code();
        while status >= 1000 {
            status /= 10;
        }
        #[expect(clippy::cast_possible_truncation, reason = "below 1000 by the loop")]
        let status = status as u16;
        status
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_status_is_the_head_of_the_code() {
        assert_eq!(ErrorCode::SchemaNotFound.status(), 404);
        assert_eq!(ErrorCode::IncompatibleSchema.status(), 409);
        assert_eq!(ErrorCode::OperationTimeout.status(), 500);
        assert!(ErrorCode::ALL.iter().all(|code| (400..600).contains(&code.status())));
    }

    #[test]
    fn no_code_stands_twice() {
        let codes: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
    }
}
