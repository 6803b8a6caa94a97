"""The published contracts: current, valid, and what the samples hold to."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from rishta_cli.project import ROOT, SCHEMAS
from rishta_cli.schemas import publish_schemas, published_models
from tests.architecture.source_code import assert_none, modules_of

_VALIDATORS = {
    path.stem: Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    for path in sorted(SCHEMAS.glob("*.json"))
}
_SAMPLES = sorted((ROOT / "events").glob("*/*/*.json"))


def test_the_published_schemas_are_current() -> None:
    assert publish_schemas(check=True) == 0, "run `make schemas`"


@pytest.mark.parametrize("name", _VALIDATORS)
def test_a_schema_is_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(_VALIDATORS[name].schema)


@pytest.mark.parametrize("model", published_models(), ids=lambda model: model.__name__)
def test_a_contract_says_what_it_means(model: type[BaseModel]) -> None:
    """Its docstring is the schema's description, all that the shop's developers read."""
    assert vars(model).get("__doc__"), (
        f'{model.__module__}.{model.__name__} wants a docstring: """When is it told?"""'
    )


def test_money_is_never_a_float() -> None:
    floats = [
        f"{module}:{node.lineno} says float"
        for package in ("engagement",)
        for module in modules_of(package)
        for node in ast.walk(module.tree)
        if module.name.startswith(("engagement.events", "engagement.money"))
        and isinstance(node, ast.Name)
        and node.id == "float"
    ]
    assert_none(floats, "money and points are integers of minor units")


@pytest.mark.parametrize("sample", _SAMPLES, ids=lambda path: str(path.relative_to(ROOT / "events")))
def test_a_samples_messages_keep_to_their_schemas(sample: Path) -> None:
    wrong = [
        f"{message_id}: {name}: {error.json_path}: {error.message}"
        for message_id, name, content in _contracts_in(sample)
        for error in _VALIDATORS[name].iter_errors(content)
    ]
    assert_none(wrong, f"mend {sample.relative_to(ROOT)}, or name the message poison-…")


def _contracts_in(sample: Path) -> Iterator[tuple[str, str, Any]]:
    """(message id, schema, content) of the good messages that are facts or orders; SES's events have no schema here."""
    for record in json.loads(sample.read_text(encoding="utf-8")).get("Records", []):
        if record["messageId"].startswith("poison-"):
            continue
        body = json.loads(record["body"])
        if body.get("detail-type") in _VALIDATORS:
            yield record["messageId"], body["detail-type"], body["detail"]
        elif body.get("order") in _VALIDATORS:
            yield record["messageId"], body["order"], body
        else:
            assert body.get("source") != "shop", f"{record['messageId']}: no schema for {body['detail-type']}"
