//! An embedded log in the form of Kafka partition directories; knows nothing of schemas.
