//! Fields of records.

use super::{Context, Refusal};
use crate::json::{Value, ValueId, parse_double};
use crate::model::{Field, Kind, NodeId, Order, Primitive};
use crate::parse::default::check_default;
use crate::print::Stage;

/// What Java says when `order` is there and no text.
const ORDER_IS_NO_TEXT: &str = "Cannot invoke \"String.toUpperCase(java.util.Locale)\" because the return value of \"com.fasterxml.jackson.databind.JsonNode.textValue()\" is null";

impl Context {
    /// The JSON of a field's type; the rest of the field is looked at once that is built.
    pub(super) fn field_type(&self, field: ValueId) -> Result<ValueId, Refusal> {
        self.required_text(field, "name", "No field name")?;
        self.required(field, "type", "No field type")
    }

    pub(super) fn field(&mut self, source: ValueId, schema: NodeId) -> Result<Field, Refusal> {
        self.field_checked(source, schema).map_err(|refusal| refusal.or_at(source))
    }

    fn field_checked(&mut self, source: ValueId, schema: NodeId) -> Result<Field, Refusal> {
        let order = self.order(source)?;
        let default = self.default_of(source, schema)?;
        let name: Box<str> = self.required_text(source, "name", "No field name")?.into();
        self.rules.names.check(&name).map_err(Refusal::new)?;
        if let Some(default) = default.filter(|_| self.rules.check_defaults) {
            check_default(self, (schema, default), Stage::Parsing, |_| name.to_string())?;
        }
        let aliases = self.aliases(source)?;
        Ok(Field { name, schema, default, order, aliases, source })
    }

    fn order(&self, source: ValueId) -> Result<Order, Refusal> {
        let Some(value) = self.graph.json.get(source, "order") else {
            return Ok(Order::Ascending);
        };
        let Some(text) = self.graph.json.text(value) else {
            return Err(Refusal::at(ORDER_IS_NO_TEXT, value));
        };
        let word = text.to_uppercase();
        Order::from_upper(&word).ok_or_else(|| {
            let message = format!("No enum constant org.apache.avro.Schema.Field.Order.{word}");
            Refusal::at(message, value)
        })
    }

    /// The default; a text for a float or double becomes the number that it spells.
    fn default_of(&mut self, source: ValueId, schema: NodeId) -> Result<Option<ValueId>, Refusal> {
        let Some(default) = self.graph.json.get(source, "default") else { return Ok(None) };
        let kind = self.graph.kind(schema);
        if !matches!(kind, Kind::Primitive(Primitive::Float | Primitive::Double)) {
            return Ok(Some(default));
        }
        let Some(text) = self.graph.json.text(default) else { return Ok(Some(default)) };
        let number = parse_double(text).map_err(|error| Refusal::at(error, default))?;
        let offset = self.graph.json.offset(default);
        let pushed = self.graph.json.push(Value::Double(number), offset);
        pushed.map(Some).map_err(|fault| Refusal::at(fault.render(""), default))
    }
}
