"""`rishta schemas`: the contract of every message, as JSON Schema."""

import json
from collections.abc import Iterator

from pydantic import BaseModel
from rich.console import Console

from engagement.events.base import Event
from engagement.mail_orders import CancelMail, SendMail, SkipMail
from rishta_cli.project import ROOT, SCHEMAS, modules_of


def published_models() -> list[type[BaseModel]]:
    """Every fact in `engagement.events`, and the orders to the mail path."""
    facts = {
        model
        for module in modules_of("engagement.events")
        for model in vars(module).values()
        # A fact is a leaf: Event, OrderFact and their like are only what several facts share.
        if isinstance(model, type) and issubclass(model, Event) and not model.__subclasses__()
    }
    return [*sorted(facts, key=lambda model: model.__name__), CancelMail, SendMail, SkipMail]


def publish_schemas(*, check: bool) -> int:
    """Writes what changed, removes what is gone; with `check` only says so. The exit code."""
    wanted = {f"{model.__name__}.json": _schema_text(model) for model in published_models()}
    stale = list(_stale(wanted))
    console = Console(soft_wrap=True, highlight=False, emoji=False)
    for name in stale:
        console.print(f"{(SCHEMAS / name).relative_to(ROOT)}: {'is stale' if check else 'written'}")
    if not check:
        SCHEMAS.mkdir(parents=True, exist_ok=True)
        for name in stale:
            if name in wanted:
                (SCHEMAS / name).write_text(wanted[name], encoding="utf-8")
            else:
                (SCHEMAS / name).unlink()
    console.print(f"{len(wanted)} schemas, {len(stale)} {'stale' if check else 'written'}")
    return 1 if check and stale else 0


def _schema_text(model: type[BaseModel]) -> str:
    schema = model.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _stale(wanted: dict[str, str]) -> Iterator[str]:
    kept = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.glob("*.json")}
    return (name for name in sorted(wanted.keys() | kept.keys()) if wanted.get(name) != kept.get(name))
