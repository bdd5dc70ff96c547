"""Confluent's own Python client against a running registry.

Usage: test_confluent_client.py URL. Each function named test_* is one test over subjects of its
own; a failed one is printed with its traceback, and the exit code is 1.
"""

import hashlib
import json
import sys
import traceback
import uuid

from confluent_kafka.schema_registry import ConfigCompatibilityLevel
from confluent_kafka.schema_registry import Metadata, MetadataProperties
from confluent_kafka.schema_registry import Rule, RuleKind, RuleMode, RuleParams, RuleSet
from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient, ServerConfig
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext


def order(*fields):
    """An Avro record of the given fields."""
    return json.dumps({"type": "record", "name": "Order", "namespace": "shop", "fields": list(fields)})


ID = {"name": "id", "type": "long"}
NOTE_OPTIONAL = {"name": "note", "type": ["null", "string"], "default": None}
NOTE_REQUIRED = {"name": "note", "type": "string"}
SHIP_TO = {"name": "to", "type": "Address"}
ADDRESS = json.dumps(
    {"type": "record", "name": "Address", "namespace": "shop", "fields": [{"name": "city", "type": "string"}]}
)


def avro(text, **more):
    return Schema(text, "AVRO", **more)


def to(subject, version=1):
    """The references of an order that is shipped to the address of a subject."""
    return [SchemaReference("shop.Address", subject, version)]


def refused(act, *args, **kwargs):
    """The error with which the registry answers; a success is a failure."""
    try:
        answer = act(*args, **kwargs)
    except SchemaRegistryError as error:
        return error
    raise AssertionError(f"was not refused, but answered {answer!r}")


def fresh(url):
    """A client without a cache of earlier answers."""
    return SchemaRegistryClient({"url": url})


def test_register_look_up_and_read_back(url):
    client = fresh(url)
    first = client.register_schema("read-value", avro(order(ID)))
    assert client.register_schema("read-value", avro(order(ID))) == first
    assert fresh(url).register_schema("read-value", avro(order(ID))) == first
    assert fresh(url).register_schema("read-again-value", avro(order(ID))) == first

    found = fresh(url).lookup_schema("read-value", avro(order(ID)))
    assert (found.schema_id, found.version, found.subject) == (first, 1, "read-value"), found

    schema = fresh(url).get_schema(first)
    assert json.loads(schema.schema_str) == json.loads(order(ID)), schema.schema_str
    assert schema.schema_type == "AVRO", schema.schema_type

    latest = fresh(url).get_latest_version("read-value")
    assert (latest.schema_id, latest.version) == (first, 1), latest
    assert fresh(url).get_version("read-value", 1).schema_id == first
    assert fresh(url).get_versions("read-value") == [1]
    assert {"read-value", "read-again-value"} <= set(fresh(url).get_subjects())
    users = fresh(url).get_subjects_by_schema_id(first)
    assert {"read-value", "read-again-value"} <= set(users), users
    pairs = {(one.subject, one.version) for one in fresh(url).get_schema_versions(first)}
    assert ("read-value", 1) in pairs, pairs
    assert "AVRO" in fresh(url).get_schema_types()

    text = schema.schema_str
    guid = str(uuid.UUID(hashlib.md5(text.encode()).hexdigest()))
    assert fresh(url).get_schema_by_guid(guid).schema_str == text
    whole = fresh(url).register_schema_full_response("read-value", avro(order(ID)))
    assert (whole.schema_id, whole.version, whole.guid) == (first, 1, guid), whole


def test_contexts_are_worlds_of_their_own(url):
    subject = ":.interop:ctx-value"
    first = fresh(url).register_schema(subject, avro(order(ID)))
    below = fresh(f"{url}/contexts/.interop")
    assert below.get_subjects() == [subject]
    assert below.register_schema("ctx-value", avro(order(ID))) == first
    second = below.register_schema("ctx-value", avro(order(ID, NOTE_OPTIONAL)))
    assert fresh(url).get_contexts()[0] == "."
    assert ".interop" in fresh(url).get_contexts()
    assert fresh(url).get_subjects(subject_prefix=":.interop:") == [subject]
    latest = below.get_latest_version("ctx-value")
    assert (latest.subject, latest.version, latest.schema_id) == (subject, 2, second), latest
    schema = fresh(url).get_schema(second, subject_name=subject)
    assert json.loads(schema.schema_str) == json.loads(order(ID, NOTE_OPTIONAL))
    incompatible = refused(below.register_schema, "ctx-value", avro(order(ID, NOTE_REQUIRED)))
    assert incompatible.http_status_code == 409, incompatible


def test_a_subject_with_a_difficult_name(url):
    name = "a/b c%d+e-value"
    number = fresh(url).register_schema(name, avro('"string"'))
    assert fresh(url).get_latest_version(name).schema_id == number
    assert name in fresh(url).get_subjects()


def test_what_is_not_there_is_named(url):
    missing = refused(fresh(url).get_latest_version, "nobody-value")
    assert (missing.http_status_code, missing.error_code) == (404, 40401), missing
    assert missing.error_message == "Subject 'nobody-value' not found.", missing
    missing = refused(fresh(url).get_schema, 2_000_000_000)
    assert (missing.http_status_code, missing.error_code) == (404, 40403), missing
    fresh(url).register_schema("lookup-value", avro('"string"'))
    missing = refused(fresh(url).lookup_schema, "lookup-value", avro('"bytes"'))
    assert (missing.http_status_code, missing.error_code) == (404, 40403), missing
    missing = refused(fresh(url).get_version, "lookup-value", 7)
    assert (missing.http_status_code, missing.error_code) == (404, 40402), missing


def test_evolution_and_refusal(url):
    first = fresh(url).register_schema("evolve-value", avro(order(ID)))
    second = fresh(url).register_schema("evolve-value", avro(order(ID, NOTE_OPTIONAL)))
    assert second > first, (first, second)
    assert fresh(url).get_versions("evolve-value") == [1, 2]

    error = refused(fresh(url).register_schema, "evolve-value", avro(order(ID, NOTE_REQUIRED, {"name": "extra", "type": "int"})))
    assert (error.http_status_code, error.error_code) == (409, 40901), error
    assert "READER_FIELD_MISSING_DEFAULT_VALUE" in error.error_message, error
    assert "extra" in error.error_message, error
    assert fresh(url).get_versions("evolve-value") == [1, 2]

    broken = refused(fresh(url).register_schema, "evolve-value", avro('{"type":"record"}'))
    assert (broken.http_status_code, broken.error_code) == (422, 42201), broken


def test_references(url):
    shipped = order(ID, SHIP_TO)
    fresh(url).register_schema("address-value", avro(ADDRESS))
    unresolved = refused(fresh(url).register_schema, "shipped-value", avro(shipped, references=to("nobody-value")))
    assert (unresolved.http_status_code, unresolved.error_code) == (422, 42201), unresolved
    reason = 'No schema reference found for subject "nobody-value" and version 1'
    assert reason in unresolved.error_message, unresolved

    schema = avro(shipped, references=to("address-value"))
    number = fresh(url).register_schema("shipped-value", schema)
    read = fresh(url).get_schema(number)
    assert json.loads(read.schema_str) == json.loads(shipped), read
    assert read.references == to("address-value"), read
    assert fresh(url).lookup_schema("shipped-value", schema).schema_id == number
    assert fresh(url).get_latest_version("shipped-value").schema.references == to("address-value")
    assert fresh(url).get_referenced_by("address-value", 1) == [number]

    needed = refused(fresh(url).delete_version, "address-value", 1)
    assert (needed.http_status_code, needed.error_code) == (422, 42206), needed
    assert fresh(url).delete_subject("shipped-value") == [1]
    assert fresh(url).delete_version("address-value", 1) == 1
    needed = refused(fresh(url).delete_version, "address-value", 1, permanent=True)
    assert (needed.http_status_code, needed.error_code) == (422, 42206), needed


def test_metadata_and_the_latest_that_has_it(url):
    subject = "metadata-value"
    for major, text in (("1", order(ID)), ("2", order(ID, NOTE_OPTIONAL))):
        # No tags, and below no blanks: this client cannot hash the former, and encodes the latter twice.
        properties = MetadataProperties({"major": major, "owner": "shop"})
        metadata = Metadata(None, properties, None)
        number = fresh(url).register_schema(subject, avro(text, metadata=metadata))
        assert fresh(url).get_schema(number).metadata.properties == properties

    found = fresh(url).get_latest_with_metadata(subject, {"major": "1", "owner": "shop"})
    assert (found.subject, found.version) == (subject, 1), found
    assert found.schema.metadata.properties.properties["major"] == "1", found
    found = fresh(url).get_latest_with_metadata(subject, {"owner": "shop"})
    assert (found.version, found.schema_id) == (2, number), found
    missing = refused(fresh(url).get_latest_with_metadata, subject, {"major": "3"})
    assert (missing.http_status_code, missing.error_code) == (404, 40403), missing
    missing = refused(fresh(url).get_latest_with_metadata, "nobody-value", {"major": "1"})
    assert (missing.http_status_code, missing.error_code) == (404, 40401), missing


def rule(name, mode):
    tags, params = ["KEY"], RuleParams({"a": "b"})
    return Rule(name, "Why.", RuleKind.CONDITION, mode, "CEL", tags, params, "true", "NONE", "DLQ", True)


def test_rule_sets(url):
    subject = "rules-value"
    rules = RuleSet([rule("up", RuleMode.UPGRADE)], [rule("positive", RuleMode.WRITE)], [])
    number = fresh(url).register_schema(subject, avro(order(ID), rule_set=rules))
    assert fresh(url).get_schema(number).rule_set == rules
    assert fresh(url).get_latest_version(subject).schema.rule_set == rules
    assert fresh(url).lookup_schema(subject, avro(order(ID), rule_set=rules)).schema_id == number

    wrong = RuleSet([], [rule("positive", RuleMode.UPGRADE)], [])
    error = refused(fresh(url).register_schema, subject, avro(order(ID), rule_set=wrong))
    assert (error.http_status_code, error.error_code) == (422, 42210), error


def test_compatibility_without_registering(url):
    subject = "ask-value"
    fresh(url).register_schema(subject, avro(order(ID)))
    assert fresh(url).test_compatibility(subject, avro(order(ID, NOTE_OPTIONAL)))
    assert not fresh(url).test_compatibility(subject, avro(order(ID, NOTE_REQUIRED)))
    assert not fresh(url).test_compatibility(subject, avro(order(ID, NOTE_REQUIRED)), version=1, verbose=True)
    assert fresh(url).test_compatibility_all_versions(subject, avro(order(ID, NOTE_OPTIONAL)))
    assert fresh(url).get_versions(subject) == [1]


def test_levels(url):
    subject = "level-value"
    client = fresh(url)
    unset = refused(client.get_compatibility, subject)
    assert (unset.http_status_code, unset.error_code) == (404, 40408), unset
    assert client.get_compatibility() == "BACKWARD"
    client.set_compatibility(subject, "NONE")
    assert client.get_compatibility(subject) == "NONE"
    client.register_schema(subject, avro(order(ID)))
    client.register_schema(subject, avro(order(ID, NOTE_REQUIRED)))
    client.set_config(subject, ServerConfig(compatibility=ConfigCompatibilityLevel.FULL_TRANSITIVE))
    assert client.get_config(subject).compatibility_level == ConfigCompatibilityLevel.FULL_TRANSITIVE
    client.delete_config(subject)
    assert refused(client.get_compatibility, subject).error_code == 40408
    wrong = refused(client.set_compatibility, subject, "SIDEWAYS")
    assert (wrong.http_status_code, wrong.error_code) == (422, 42203), wrong

    client.set_compatibility(level="FORWARD")
    assert client.get_config().compatibility_level == ConfigCompatibilityLevel.FORWARD
    client.delete_config()
    assert client.get_compatibility() == "BACKWARD"


def test_what_a_subject_adds_to_its_schemas(url):
    subject = "config-value"
    owner = Metadata(None, MetadataProperties({"owner": "shop"}), None)
    rules = RuleSet([], [rule("positive", RuleMode.WRITE)], [])
    wanted = ServerConfig(
        compatibility=ConfigCompatibilityLevel.BACKWARD,
        compatibility_group="major",
        default_metadata=owner,
        override_rule_set=rules,
    )
    fresh(url).set_config(subject, wanted)
    config = fresh(url).get_config(subject)
    assert config.compatibility_group == "major", config
    assert config.default_metadata.properties == owner.properties, config
    assert config.override_rule_set == rules, config
    number = fresh(url).register_schema(subject, avro(order(ID)))
    schema = fresh(url).get_schema(number)
    assert schema.metadata.properties == owner.properties, schema
    assert schema.rule_set == rules, schema


def test_modes(url):
    subject = "mode-value"
    client = fresh(url)
    assert client.get_global_mode() == "READWRITE"
    client.update_mode(subject, "READONLY")
    assert client.get_mode(subject) == "READONLY"
    error = refused(client.register_schema, subject, avro('"string"'))
    assert (error.http_status_code, error.error_code) == (422, 42205), error
    client.delete_mode(subject)
    assert client.update_global_mode("READONLY") == "READONLY"
    error = refused(client.register_schema, subject, avro('"string"'))
    assert (error.http_status_code, error.error_code) == (422, 42205), error
    assert client.update_global_mode("READWRITE") == "READWRITE"
    fresh(url).register_schema(subject, avro('"string"'))


def test_soft_and_permanent_deletion(url):
    subject = "delete-value"
    number = fresh(url).register_schema(subject, avro(order(ID)))
    fresh(url).register_schema(subject, avro(order(ID, NOTE_OPTIONAL)))

    hasty = refused(fresh(url).delete_version, subject, 1, permanent=True)
    assert (hasty.http_status_code, hasty.error_code) == (404, 40407), hasty
    assert fresh(url).delete_version(subject, 1) == 1
    assert fresh(url).get_versions(subject) == [2]
    assert fresh(url).get_versions(subject, deleted=True) == [1, 2]
    assert fresh(url).get_schema(number).schema_str, "a deleted version's id still decodes"
    assert fresh(url).delete_version(subject, 1, permanent=True) == 1

    assert fresh(url).delete_subject(subject) == [2]
    assert subject not in fresh(url).get_subjects()
    assert subject in fresh(url).get_subjects(deleted=True)
    assert fresh(url).delete_subject(subject, permanent=True) == [2]
    assert subject not in fresh(url).get_subjects(deleted=True)
    gone = refused(fresh(url).delete_subject, subject, permanent=True)
    assert (gone.http_status_code, gone.error_code) == (404, 40401), gone


def test_avro_there_and_back(url):
    place = SerializationContext("orders", MessageField.VALUE)
    writer = order(ID)
    reader = order(ID, NOTE_OPTIONAL)
    serialize = AvroSerializer(fresh(url), writer)
    message = serialize({"id": 42}, place)
    number = fresh(url).get_latest_version("orders-value").schema_id
    assert message[0] == 0 and int.from_bytes(message[1:5], "big") == number, message
    print(f"message {number} {message.hex()}")
    assert AvroDeserializer(fresh(url))(message, place) == {"id": 42}
    assert AvroDeserializer(fresh(url), reader)(message, place) == {"id": 42, "note": None}

    later = AvroSerializer(fresh(url), reader)({"id": 43, "note": "new"}, place)
    assert AvroDeserializer(fresh(url), writer)(later, place) == {"id": 43}
    assert fresh(url).get_versions("orders-value") == [1, 2]


def test_avro_with_references_there_and_back(url):
    place = SerializationContext("parcels", MessageField.VALUE)
    fresh(url).register_schema("parcel-address-value", avro(ADDRESS))
    schema = avro(order(ID, SHIP_TO), references=to("parcel-address-value"))
    message = AvroSerializer(fresh(url), schema)({"id": 1, "to": {"city": "Ulm"}}, place)
    assert AvroDeserializer(fresh(url))(message, place) == {"id": 1, "to": {"city": "Ulm"}}


def test_a_serializer_is_refused(url):
    place = SerializationContext("refunds", MessageField.VALUE)
    AvroSerializer(fresh(url), order(ID))({"id": 1}, place)
    breaking = AvroSerializer(fresh(url), order(ID, NOTE_REQUIRED))
    error = refused(breaking, {"id": 2, "note": "x"}, place)
    assert error.http_status_code == 409, error
    assert "READER_FIELD_MISSING_DEFAULT_VALUE" in str(error), error


def test_a_serializer_that_only_looks_up(url):
    place = SerializationContext("payments", MessageField.VALUE)
    careful = {"auto.register.schemas": False}
    unknown = refused(AvroSerializer(fresh(url), order(ID), conf=careful), {"id": 1}, place)
    assert unknown.http_status_code == 404, unknown
    fresh(url).register_schema("payments-value", avro(order(ID)))
    message = AvroSerializer(fresh(url), order(ID), conf=careful)({"id": 1}, place)
    latest = {"auto.register.schemas": False, "use.latest.version": True}
    assert AvroSerializer(fresh(url), order(ID), conf=latest)({"id": 1}, place) == message


def main(url):
    tests = [(name, act) for name, act in globals().items() if name.startswith("test_")]
    failed = 0
    for name, act in tests:
        try:
            act(url)
            print(f"{name} ok")
        except Exception:
            failed += 1
            print(f"{name} FAILED\n{traceback.format_exc()}")
    print("all passed" if not failed else f"{failed} of {len(tests)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
