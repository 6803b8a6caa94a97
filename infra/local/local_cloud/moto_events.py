"""moto's event bus, delivering whole events as EventBridge does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.events.utils import EventTemplateParser


@contextmanager
def faithful_events() -> Iterator[None]:
    """For a rule without an input transformer, moto fills a template by replacing text: slowly, without the account,
    and replacing a `<time>` inside a customer's words too. Here the event is passed on as it is."""
    transform = EventTemplateParser.parse

    def parse(input_template: str | None, input_paths_map: dict[str, Any], event: Any) -> Any:
        if input_template:
            return transform(input_template, input_paths_map, event)
        return {key: value for key, value in event.items() if key != "ingestion-time"}

    with patch.object(EventTemplateParser, "parse", staticmethod(parse)):
        yield
