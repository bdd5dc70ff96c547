//! The six ways to be incompatible, with the sentences of the incumbent's client library
//! (Apache-2.0, Confluent Inc.), which clients compare.

/// A rule of Avro Java's check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    NameMismatch,
    FixedSizeMismatch,
    MissingEnumSymbols,
    ReaderFieldMissingDefaultValue,
    TypeMismatch,
    MissingUnionBranch,
}

impl Rule {
    pub(super) fn code(self) -> &'static str {
        match self {
            Rule::NameMismatch => "NAME_MISMATCH",
            Rule::FixedSizeMismatch => "FIXED_SIZE_MISMATCH",
            Rule::MissingEnumSymbols => "MISSING_ENUM_SYMBOLS",
            Rule::ReaderFieldMissingDefaultValue => "READER_FIELD_MISSING_DEFAULT_VALUE",
            Rule::TypeMismatch => "TYPE_MISMATCH",
            Rule::MissingUnionBranch => "MISSING_UNION_BRANCH",
        }
    }

    pub(super) fn template(self) -> &'static str {
        match self {
            Rule::NameMismatch => "The name of the schema has changed (path '{path}')",
            Rule::FixedSizeMismatch => {
                "The size of FIXED type field at path '{path}' in the {reader} schema does not match with the {writer} schema"
            }
            Rule::MissingEnumSymbols => {
                "The {reader} schema is missing enum symbols '{detail}' at path '{path}' in the {writer} schema"
            }
            Rule::ReaderFieldMissingDefaultValue => {
                "The field '{detail}' at path '{path}' in the {reader} schema has no default value and is missing in the {writer} schema"
            }
            Rule::TypeMismatch => {
                "The type (path '{path}') of a field in the {reader} schema does not match with the {writer} schema"
            }
            Rule::MissingUnionBranch => {
                "The {reader} schema is missing a type inside a union field at path '{path}' in the {writer} schema"
            }
        }
    }
}
