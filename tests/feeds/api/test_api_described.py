"""What the API says of itself: OpenAPI for programs, a page for people, a reference for developers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from feeds.web.api import models, parameters, problems
from feeds.web.api.shapes import DETAILS, ORIGINS
from tests.feeds.served import page_of, said
from tracker.addresses import PARAMETERS

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "api.md"
SHAPES = [
    shape
    for shape in vars(models).values()
    if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__module__ == models.__name__
]
OPERATIONS = {"questions", "question", "events", "figures", "feeds", "health"}


@pytest.fixture
async def document(client):
    """The OpenAPI document."""
    return (await client.get("openapi.json")).json()


def operations(document):
    """Each operation, by its id."""
    return {one["operationId"]: one for path in document["paths"].values() for one in path.values()}


async def test_every_operation_is_described_in_french(document):
    """A summary, a description, a tag, its errors as problems; reading alone."""
    found = operations(document)
    assert set(found) == OPERATIONS
    assert {method for path in document["paths"].values() for method in path} == {"get"}
    assert document["servers"] == [{"url": "https://suivi.exemple.fr/api/v1"}]
    for operation in found.values():
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"][0] in {tag["name"] for tag in document["tags"]}
        refused = operation["responses"]["400"]["content"]["application/problem+json"]["schema"]
        assert refused == {"$ref": "#/components/schemas/Problem"}
        assert "422" not in operation["responses"]
    text = json.dumps(document, ensure_ascii=False)
    assert not re.search(r"Successful Response|Validation Error|Not Found", text)


async def test_every_parameter_has_a_meaning_and_an_example(document):
    """Those of the filter are all of the filter's, in its order."""
    for operation in operations(document).values():
        for one in operation.get("parameters", ()):
            assert one["description"]
            assert "example" in one or "examples" in one or "examples" in one["schema"]
    named = [one["name"] for one in operations(document)["figures"]["parameters"]]
    assert named == [*PARAMETERS]


async def test_every_field_has_a_meaning_and_an_example(document):
    """In French, in every shape that is answered; none is optional."""
    schemas = document["components"]["schemas"]
    assert {shape.__name__ for shape in SHAPES if shape.__name__ not in {"Shape", "Sourced", "Dated"}} | {
        "Problem"
    } == set(schemas)
    for name, schema in schemas.items():
        assert schema["description"], name
        assert set(schema["required"]) == set(schema["properties"]), name
        for field, told in schema["properties"].items():
            assert told["description"], (name, field)
            if "$ref" not in json.dumps(told):
                assert told["examples"], (name, field)


@pytest.mark.parametrize("shape", [*SHAPES, problems.Problem], ids=lambda shape: shape.__name__)
def test_examples_are_what_they_are_examples_of(shape):
    """Each example of a field is a value that the field takes."""
    for name, field in shape.model_fields.items():
        for example in field.examples or ():
            checked = shape.__pydantic_validator__.validate_assignment(shape.model_construct(), name, example)
            assert checked


async def test_the_page_explains_it_to_people(client):
    """Each address, parameter, error and event kind; without any script."""
    page = await page_of(client, "https://suivi.exemple.fr/api")
    text = said(page)
    assert not page.xpath("//script")
    for word in (
        "/questions",
        "/events",
        "/figures",
        "/feeds",
        "/health",
        "/questions.csv",
        "/questions.ics",
    ):
        assert word in text
    for parameter in (*parameters.FILTER, parameters.SORT):
        assert parameter.name in text
    for kind in problems.KINDS:
        assert page.xpath(f"//*[@id='erreur-{kind.name}']")
    for origin in ORIGINS.values():
        assert origin in text
    for address in page.xpath("//main//a/@href[starts-with(., '/')]"):
        path = address.partition("#")[0]
        assert (await client.get(f"https://suivi.exemple.fr{path}")).status_code == 200, address


def test_the_reference_has_every_field():
    """Each field, parameter and detail is in a table of `docs/reference/api.md`, and no other name."""
    text = REFERENCE.read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE))
    fields = {name for shape in SHAPES for name in shape.model_fields} | set(problems.Problem.model_fields)
    asked = {one.name for one in (*parameters.FILTER, parameters.SORT, parameters.CURSOR, parameters.AFTER)}
    asked |= {parameters.QUESTIONS_LIMIT.name, parameters.SECTION.name, parameters.LAST_ID.name}
    assert listed == fields | asked | set(DETAILS.values())
