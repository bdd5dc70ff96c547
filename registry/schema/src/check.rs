//! Levels applied to a pair of schemas.
use crate::{CompatibilityLevel, Schema};
/// An earlier version.
#[derive(Clone, Copy, Debug)]
pub struct Previous<'a> {
    pub version: u32,
    pub schema: &'a Schema,
    pub text: &'a str,
}
pub fn check(_l: CompatibilityLevel, _n: &Schema, _p: &Previous<'_>, _m: usize) -> Vec<String> {
    Vec::new()
}
