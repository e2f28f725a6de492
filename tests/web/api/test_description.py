"""The description of the interface: complete, written down, and with nothing from elsewhere in it."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.web.api.stage import REQUESTS

from rung.app.policies import Scope
from rung.app.ports import Services
from rung.web.api import create_api
from rung.web.api.description import written
from rung.web.api.problems import PROBLEMS, Problem

FILE = Path(__file__).parents[3] / "docs" / "openapi.json"


@pytest.fixture
def told(services: Services) -> dict[str, Any]:
    return json.loads(written(create_api(services)))  # type: ignore[no-any-return]


def test_the_file_is_current(services: Services) -> None:
    told = written(create_api(services))
    assert FILE.read_text(encoding="utf-8") == told, "run: python docs/openapi.py"


def test_anybody_may_read_the_description(address: str, told: dict[str, Any]) -> None:
    served = httpx.get(f"{address}/api/v1/openapi.json")
    assert served.json() == told
    again = httpx.get(f"{address}/api/v1/openapi.json", headers={"if-none-match": served.headers["etag"]})
    assert again.status_code == 304


def test_every_operation_says_what_it_does_what_it_needs_and_what_can_go_wrong(told: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in told["tags"]}
    found = [one for methods in told["paths"].values() for one in methods.values()]
    assert {one["operationId"] for one in found} == set(REQUESTS)
    for one in found:
        assert one["summary"], one["operationId"]
        assert one["description"].endswith("."), one["operationId"]
        assert set(one["tags"]) <= tags
        assert set(one["security"][0]["token"]) <= set(Scope)
        assert {"401", "422", "429", "503"} <= set(one["responses"])
        good = [response for status, response in one["responses"].items() if status[0] == "2"]
        assert len(good) == 1
        assert "RateLimit" in good[0]["headers"]


def test_every_field_has_a_type_and_every_problem_an_example(told: dict[str, Any]) -> None:
    schemas = told["components"]["schemas"]
    assert "HTTPValidationError" not in schemas
    for name, schema in schemas.items():
        assert schema.get("description"), name
        for field, about in schema.get("properties", {}).items():
            assert {"type", "anyOf", "$ref", "enum", "const"} & set(about), (name, field)
    for response in told["components"]["responses"].values():
        example = response["content"]["application/problem+json"]["example"]
        assert Problem.model_validate(example).status in PROBLEMS


def test_the_description_leads_nowhere_else(told: dict[str, Any]) -> None:
    text = json.dumps(told)
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"https://rung.example.org"}
    for scope in Scope:
        assert f"`{scope}`" in told["info"]["description"]
