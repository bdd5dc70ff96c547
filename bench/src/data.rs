//! Subjects, schemas and requests of ordinary shape and size.

use std::io::Write as _;

use serde_json::json;

/// The type that Confluent's clients send and ask for.
const CONTENT_TYPE: &str = "application/vnd.schemaregistry.v1+json";

/// What Confluent's clients accept.
const ACCEPT: &str = "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, \
                      application/json";

/// A subject; all have names of one length.
pub fn subject(number: usize) -> String {
    format!("shop.orders-{number:07}-value")
}

/// An Avro record as the registry prints it. Texts of all numbers have one length, differ, and are
/// compatible with each other in any order.
pub fn schema(number: usize) -> String {
    format!(
        concat!(
            r#"{{"type":"record","name":"Order","namespace":"com.example.shop","#,
            r#""doc":"An order as the shop writes it, revision {number:09}","fields":["#,
            r#"{{"name":"id","type":"long"}},"#,
            r#"{{"name":"customer","type":{{"type":"record","name":"Customer","fields":["#,
            r#"{{"name":"id","type":"long"}},{{"name":"email","type":["null","string"],"default":null}}]}}}},"#,
            r#"{{"name":"state","type":{{"type":"enum","name":"State","symbols":["NEW","PAID","SENT"]}}}},"#,
            r#"{{"name":"lines","type":{{"type":"array","items":{{"type":"record","name":"Line","fields":["#,
            r#"{{"name":"article","type":"string"}},{{"name":"count","type":"int","default":1}},"#,
            r#"{{"name":"price","type":{{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}}}}]}}}}}},"#,
            r#"{{"name":"note","type":["null","string"],"default":null}}]}}"#
        ),
        number = number
    )
}

/// The body of a registration.
pub fn body(schema: &str) -> String {
    json!({ "schema": schema }).to_string()
}

/// `GET` as bytes on the wire.
pub fn get(path: &str) -> Vec<u8> {
    let mut request = Vec::new();
    write!(request, "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: {ACCEPT}\r\n\r\n")
        .expect("a Vec takes every byte");
    request
}

/// A request with a body as bytes on the wire.
pub fn send(method: &str, path: &str, body: &str) -> Vec<u8> {
    let mut request = Vec::new();
    let length = body.len();
    write!(
        request,
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: {ACCEPT}\r\n\
         content-type: {CONTENT_TYPE}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .expect("a Vec takes every byte");
    request
}

/// A registration as bytes on the wire.
pub fn register(subject: &str, schema: &str) -> Vec<u8> {
    send("POST", &format!("/subjects/{subject}/versions"), &body(schema))
}

/// Registrations one after the other, each of a new schema under a new subject.
pub fn registrations(from: usize) -> impl FnMut(&mut Vec<u8>) {
    let mut number = from;
    move |out| {
        out.extend_from_slice(&register(&subject(number), &schema(number)));
        number += 1;
    }
}

/// Requests again and again in one order.
pub fn cycle(requests: Vec<Vec<u8>>) -> impl FnMut(&mut Vec<u8>) {
    let mut at = 0;
    move |out| {
        out.extend_from_slice(&requests[at]);
        at = (at + 1) % requests.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_of_one_length_and_differ() {
        assert_eq!(schema(1).len(), schema(999_999).len());
        assert_ne!(schema(1), schema(2));
        assert!(serde_json::from_str::<serde_json::Value>(&schema(7)).is_ok());
    }
}
