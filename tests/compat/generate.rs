//! Random schemas, legal by construction, and small changes to them: what people do to schemas
//! between two versions. A seed gives the same schemas for ever.

use fastrand::Rng;
use serde_json::{Map, Value, json};

const PRIMITIVES: [&str; 8] =
    ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// Makes schemas; knows which names are defined.
pub(crate) struct Generator {
    pub(crate) random: Rng,
    /// Full names that are complete, and may be used again.
    defined: Vec<String>,
    /// Full names of records around this place.
    around: Vec<String>,
    counter: usize,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), defined: vec![], around: vec![], counter: 0 }
    }

    /// A schema.
    pub(crate) fn schema(&mut self) -> Value {
        match self.random.u8(0..10) {
            0 => self.schema_of(3, false),
            1 => self.union(3),
            _ => self.record(4),
        }
    }

    fn schema_of(&mut self, depth: usize, in_union: bool) -> Value {
        match self.random.u8(0..if depth == 0 { 7 } else { 14 }) {
            0..=4 => self.primitive(),
            5 if !self.defined.is_empty() => {
                let index = self.random.usize(..self.defined.len());
                json!(self.defined[index])
            }
            5 | 6 => self.enumeration(),
            7 => self.fixed(),
            8 => json!({"type": "array", "items": self.schema_of(depth - 1, false)}),
            9 => json!({"type": "map", "values": self.schema_of(depth - 1, false)}),
            10 | 11 if !in_union => self.union(depth - 1),
            _ => self.record(depth - 1),
        }
    }

    fn primitive(&mut self) -> Value {
        match self.random.u8(0..12) {
            0 => json!({"type": "long", "logicalType": "timestamp-millis"}),
            1 => json!({"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}),
            2 => json!({"type": "string", "avro.java.string": "String"}),
            _ => json!(PRIMITIVES[self.random.usize(..PRIMITIVES.len())]),
        }
    }

    /// A union whose branches differ: in kind, or in name.
    fn union(&mut self, depth: usize) -> Value {
        let mut branches: Vec<Value> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for _ in 0..self.random.usize(1..5) {
            let before = self.defined.len();
            let branch = if branches.is_empty() && self.random.bool() {
                json!("null")
            } else {
                self.schema_of(depth, true)
            };
            let name = branch_name(&branch);
            if names.contains(&name) {
                // What it defined stays in no text, so it must not be used.
                self.defined.truncate(before);
            } else {
                names.push(name);
                branches.push(branch);
            }
        }
        Value::Array(branches)
    }

    fn name(&mut self, prefix: &str) -> (String, Map<String, Value>) {
        self.counter += 1;
        let short = format!("{prefix}{}", self.counter);
        let mut object = Map::new();
        let space = ["a", "b.c"][self.random.usize(..2)];
        let full = format!("{space}.{short}");
        if self.random.bool() {
            object.insert("name".into(), json!(full));
        } else {
            object.insert("name".into(), json!(short));
            object.insert("namespace".into(), json!(space));
        }
        (full, object)
    }

    fn enumeration(&mut self) -> Value {
        let (full, mut object) = self.name("E");
        let symbols: Vec<String> =
            (0..self.random.usize(1..5)).map(|it| format!("S{it}")).collect();
        object.insert("type".into(), json!("enum"));
        if self.random.u8(0..3) == 0 {
            object.insert("default".into(), json!(symbols[0]));
        }
        object.insert("symbols".into(), json!(symbols));
        self.decorate(&mut object);
        self.defined.push(full);
        Value::Object(object)
    }

    fn fixed(&mut self) -> Value {
        let (full, mut object) = self.name("F");
        object.insert("type".into(), json!("fixed"));
        object.insert("size".into(), json!(self.random.u8(0..20)));
        self.decorate(&mut object);
        self.defined.push(full);
        Value::Object(object)
    }

    fn record(&mut self, depth: usize) -> Value {
        let (full, mut object) = self.name("R");
        object.insert("type".into(), json!("record"));
        self.around.push(full.clone());
        let count = self.random.usize(0..6);
        let fields: Vec<Value> = (0..count).map(|index| self.field(index, depth)).collect();
        self.around.pop();
        object.insert("fields".into(), Value::Array(fields));
        self.decorate(&mut object);
        self.defined.push(full);
        Value::Object(object)
    }

    fn field(&mut self, index: usize, depth: usize) -> Value {
        let schema = match self.random.u8(0..12) {
            0 => json!(["null", self.around[self.random.usize(..self.around.len())]]),
            1 => json!({"type": "array", "items": self.around.last()}),
            _ => self.schema_of(depth, false),
        };
        let mut object = Map::new();
        object.insert("name".into(), json!(format!("f{index}")));
        if let Some(default) = self.default_of(&schema).filter(|_| self.random.bool()) {
            object.insert("default".into(), default);
        }
        object.insert("type".into(), schema);
        if self.random.u8(0..8) == 0 {
            object.insert("order".into(), json!("Descending"));
        }
        self.decorate(&mut object);
        Value::Object(object)
    }

    /// A default, where one is easily found.
    fn default_of(&mut self, schema: &Value) -> Option<Value> {
        let word = match schema {
            Value::Array(branches) => return self.default_of(branches.first()?),
            Value::Object(object) => object.get("type")?.as_str()?,
            other => other.as_str()?,
        };
        Some(match word {
            "null" => Value::Null,
            "boolean" => json!(self.random.bool()),
            "int" => json!(self.random.i32(..)),
            "long" => json!(self.random.i64(..)),
            "float" | "double" => json!(self.random.f64() * 1e9),
            "bytes" | "string" => json!(["", "a\u{7}\"\\", "é/\u{2028}"][self.random.usize(..3)]),
            "array" => json!([]),
            "map" => json!({}),
            "enum" => schema["symbols"][0].clone(),
            _ => return None,
        })
    }

    /// Docs, aliases, properties.
    fn decorate(&mut self, object: &mut Map<String, Value>) {
        if self.random.u8(0..6) == 0 {
            object.insert("doc".into(), json!("some \"words\"\n"));
        }
        if self.random.u8(0..8) == 0 {
            object.insert("aliases".into(), json!([format!("Old{}", self.counter), "x.Y"]));
        }
        if self.random.u8(0..6) == 0 {
            let value = json!({"z": [1, 2.5, null], "a": self.random.i64(..), "é": true});
            object.insert("prop".into(), value);
        }
    }

    /// The schema with one small change somewhere.
    pub(crate) fn change(&mut self, schema: &Value) -> Value {
        let mut changed = schema.clone();
        let places = count(&changed);
        let mut place = self.random.usize(..places);
        self.change_at(&mut changed, &mut place);
        changed
    }

    fn change_at(&mut self, schema: &mut Value, place: &mut usize) {
        if *place == 0 {
            *place = usize::MAX;
            return self.change_here(schema);
        }
        *place -= 1;
        match schema {
            Value::Array(branches) => {
                for branch in branches {
                    self.change_at(branch, place);
                }
            }
            Value::Object(object) => {
                for key in ["items", "values"] {
                    if let Some(part) = object.get_mut(key) {
                        self.change_at(part, place);
                    }
                }
                let fields = object.get_mut("fields").and_then(Value::as_array_mut);
                for field in fields.into_iter().flatten() {
                    self.change_at(&mut field["type"], place);
                }
            }
            _ => {}
        }
    }

    fn change_here(&mut self, schema: &mut Value) {
        match schema {
            Value::Array(branches) => match self.random.u8(0..3) {
                0 if branches.len() > 1 => drop(branches.remove(0)),
                1 => branches.reverse(),
                _ => {
                    if !branches.contains(&json!("string")) {
                        branches.push(json!("string"));
                    }
                }
            },
            Value::Object(object) if object.contains_key("fields") => self.change_record(object),
            Value::Object(object) if object.contains_key("symbols") => {
                let symbols = object["symbols"].as_array_mut().unwrap();
                if self.random.bool() && symbols.len() > 1 {
                    symbols.pop();
                } else {
                    symbols.push(json!("EXTRA"));
                }
            }
            Value::Object(object) if object.contains_key("size") => {
                object.insert("size".into(), json!(21));
            }
            Value::Object(_) => {}
            _ => *schema = json!(PRIMITIVES[self.random.usize(..PRIMITIVES.len())]),
        }
    }

    fn change_record(&mut self, record: &mut Map<String, Value>) {
        let fields = record["fields"].as_array_mut().unwrap();
        match self.random.u8(0..6) {
            0 => {
                fields.pop();
            }
            1 => fields.push(json!({"name": "added", "type": "int"})),
            2 => fields.push(json!({"name": "added", "type": "int", "default": 1})),
            3 => {
                if let Some(field) = fields.last_mut() {
                    let old = field["name"].clone();
                    field["aliases"] = json!([old]);
                    field["name"] = json!("renamed");
                }
            }
            4 => fields.reverse(),
            _ => {
                let name = record["name"].as_str().unwrap().to_owned();
                record.insert("aliases".into(), json!([name]));
                record.insert("name".into(), json!("a.Renamed"));
            }
        }
    }
}

fn branch_name(branch: &Value) -> String {
    let Some(object) = branch.as_object() else { return branch.as_str().unwrap_or("").to_owned() };
    match (object.get("name"), object.get("namespace")) {
        (Some(name), Some(space)) => {
            format!("{}.{}", space.as_str().unwrap(), name.as_str().unwrap())
        }
        (Some(name), None) => name.as_str().unwrap().to_owned(),
        _ => object["type"].as_str().unwrap().to_owned(),
    }
}

/// How many places a schema has at which it can be changed.
fn count(schema: &Value) -> usize {
    1 + match schema {
        Value::Array(branches) => branches.iter().map(count).sum(),
        Value::Object(object) => {
            let fields = object.get("fields").and_then(Value::as_array);
            ["items", "values"].iter().filter_map(|key| object.get(*key)).map(count).sum::<usize>()
                + fields.into_iter().flatten().map(|field| count(&field["type"])).sum::<usize>()
        }
        _ => 0,
    }
}
