//! The shape of a body, and the named parts that it refers to.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, Object, Ref, RefOr, Schema,
        schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type},
    },
};

/// A schema with what it refers to.
#[derive(Clone)]
pub(super) struct Shape {
    schema: RefOr<Schema>,
    parts: Vec<(String, RefOr<Schema>)>,
}

impl Shape {
    /// The body is this type.
    pub(super) fn of<T: ToSchema>() -> Self {
        let name = T::name().into_owned();
        let mut parts = vec![(name.clone(), T::schema())];
        T::schemas(&mut parts);
        Self { schema: Ref::from_schema_name(name).into(), parts }
    }

    /// The body is a list of this type.
    pub(super) fn list<T: ToSchema>() -> Self {
        let Self { schema, parts } = Self::of::<T>();
        Self { schema: ArrayBuilder::new().items(schema).into(), parts }
    }

    /// The body is a plain value, such as a number or a list of texts.
    pub(super) fn plain<T: PartialSchema>() -> Self {
        Self { schema: T::schema(), parts: Vec::new() }
    }

    /// The body is text, though not JSON.
    pub(super) fn text() -> Self {
        Self::plain::<String>()
    }

    /// The body is an object without fields.
    pub(super) fn empty_object() -> Self {
        let object = ObjectBuilder::new().schema_type(Type::Object).max_properties(Some(0));
        Self { schema: object.into(), parts: Vec::new() }
    }

    /// The body is an object with any fields.
    pub(super) fn any_object() -> Self {
        let object = ObjectBuilder::new().schema_type(Type::Object);
        Self { schema: object.into(), parts: Vec::new() }
    }

    /// The body is a schema's text as it is: JSON for most schemas, and then of any form.
    pub(super) fn anything() -> Self {
        let anything = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
        Self { schema: anything.into(), parts: Vec::new() }
    }

    /// The schema; the parts go where references find them.
    pub(super) fn collect_into(self, components: &mut Components) -> RefOr<Schema> {
        let Self { schema, parts } = self;
        for (name, part) in &parts {
            components.schemas.insert(name.clone(), with_optional_parts(part.clone(), &parts));
        }
        schema
    }
}

/// A type may have all fields of another one, or none of them. The derived schema says that such a
/// part is an object or null, which no part of an object can be; it is an object of which each field
/// may be missing.
fn with_optional_parts(schema: RefOr<Schema>, parts: &[(String, RefOr<Schema>)]) -> RefOr<Schema> {
    let RefOr::T(Schema::AllOf(mut whole)) = schema else { return schema };
    for part in &mut whole.items {
        if let Some(mut object) = optional(part).and_then(|name| named(name, parts)) {
            object.required.clear();
            *part = RefOr::T(object.into());
        }
    }
    RefOr::T(whole.into())
}

/// The name of the type that a part may be.
fn optional(part: &RefOr<Schema>) -> Option<&str> {
    let RefOr::T(Schema::OneOf(choice)) = part else { return None };
    let mut named = choice.items.iter().filter_map(|one| match one {
        RefOr::Ref(named) => named.ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    });
    named.next()
}

/// The object of this name.
fn named(name: &str, parts: &[(String, RefOr<Schema>)]) -> Option<Object> {
    let found = parts.iter().find(|(known, _)| known == name);
    match found {
        Some((_, RefOr::T(Schema::Object(object)))) => Some(object.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use utoipa::ToSchema;

    use super::*;

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Whole {
        id: i32,
        #[serde(flatten)]
        life: Option<Part>,
    }

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Part {
        ts: i64,
    }

    #[test]
    fn a_part_that_may_be_missing_requires_nothing() {
        let mut components = Components::new();
        Shape::of::<Whole>().collect_into(&mut components);
        let whole = serde_json::to_value(&components.schemas["Whole"]).unwrap();
        let parts = whole["allOf"].as_array().unwrap();
        let of = |field: &str| parts.iter().find(|part| part["properties"][field].is_object());
        assert!(of("ts").unwrap().get("required").is_none(), "{whole}");
        assert_eq!(of("id").unwrap()["required"], serde_json::json!(["id"]));
    }
}
