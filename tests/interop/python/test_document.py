"""The registry's OpenAPI document against the registry itself.

Usage: test_document.py URL. The document is held against the specification of OpenAPI 3.1; then
Schemathesis reads it, asks what it says can be asked, and holds every answer against it: first what
only reads, from a registry that has something at every path, in both dialects; then everything, as
much of it as SECONDS_MAX allows, in an order that is the same in every run.
"""

import json
import os
import subprocess
import sys
import tempfile

import requests

try:
    from openapi_spec_validator import OpenAPIV31SpecValidator, validate
except ImportError:
    print("skipped: the packages that read an OpenAPI document are for Python 3.11 and newer")
    sys.exit()

SECONDS_MAX = 30
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
]
RICH = ["--header", "Confluent-Accept-Unknown-Properties: true"]
READING = ["--phases", "examples,fuzzing", "--mode", "positive", "--include-method", "GET"]
ALL = ["--max-time", str(SECONDS_MAX)]


def record(name, *fields):
    return json.dumps({"type": "record", "name": name, "fields": list(fields)})


def seed(url):
    """Something to read at every path, under the names that the document has as examples."""

    def ask(method, path, **kwargs):
        answer = requests.request(method, url + path, timeout=10, **kwargs)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def register(subject, schema, **more):
        return ask("POST", f"/subjects/{subject}/versions", json={"schema": schema, **more})["id"]

    ask("PUT", "/config/orders-value", json={"compatibility": "NONE", "normalize": False})
    ask("PUT", "/mode/orders-value", json={"mode": "READWRITE"})
    assert register("orders-value", '"string"') == 1
    customer = record("Customer", {"name": "id", "type": "long", "confluent:tags": ["PII"]})
    register("customers-value", customer)
    register(
        "orders-value",
        record("Order", {"name": "customer", "type": "Customer"}),
        references=[{"name": "Customer", "subject": "customers-value", "version": 1}],
        metadata={"properties": {"owner": "shop"}, "tags": {"Order.customer": ["PII"]}},
    )
    register(":.eu:orders-value", '"string"')
    register("payments-value", '"long"')
    ask("DELETE", "/subjects/payments-value")


def conforms(url, *options):
    """Runs Schemathesis over a part of the document; its report, if something differs, is shown."""
    program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    command = [program, "--config-file", os.devnull, "run", url + "/openapi.json", "--url", url]
    command += ["--checks", ",".join(CHECKS), "--seed", "1", "--max-examples", "5"]
    command += ["--request-timeout", "20", "--continue-on-failure", "--generation-database", "none"]
    command += ["--no-color", "--warnings", "off"]
    # It leaves files where it runs.
    with tempfile.TemporaryDirectory() as directory:
        run = subprocess.run(
            [*command, *options], cwd=directory, capture_output=True, text=True, check=False
        )
    print(run.stdout[-30000:], run.stderr, sep="\n")
    assert run.returncode == 0, f"the answers differ from the document: {options}"


def main(url):
    document = requests.get(url + "/openapi.json", timeout=10)
    assert document.headers["content-type"] == "application/json"
    validate(document.json(), cls=OpenAPIV31SpecValidator)
    seed(url)
    conforms(url, *READING)
    conforms(url, *READING, *RICH)
    conforms(url, *ALL)
    print("all passed")


if __name__ == "__main__":
    main(sys.argv[1])
