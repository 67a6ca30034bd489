"""The OpenAPI document is true: what schemathesis makes of it finds no fault in the service."""

import subprocess
import sys

import pytest

pytest.importorskip("schemathesis", reason="needs schemathesis")

CHECKS = "not_a_server_error,response_schema_conformance,status_code_conformance"


def test_the_service_does_what_its_document_says(service, tmp_path):
    document = service.get("/openapi.json").json
    assert {"/v1/read", "/v1/classify", "/v2/models/{name}/infer"} <= set(document["paths"])
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json"),
            *("--checks", f"{CHECKS},content_type_conformance", "--phases", "examples,fuzzing"),
            *("--max-examples", "5", "--generation-database", "none", "--no-color"),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert f"Tested: {sum(map(len, document['paths'].values()))}" in done.stdout
    assert 500 not in {entry.get("status") for entry in service.log()}


def test_every_operation_has_an_example_of_what_it_takes(service):
    document = service.get("/openapi.json").json
    for path, methods in document["paths"].items():
        for operation in methods.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                is_file = content["schema"].get("format") == "binary"
                assert is_file or "example" in content, path
