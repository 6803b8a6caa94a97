"""Putting events on the template's bus, and SES's on the account's default bus."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import TYPE_CHECKING, Any, cast

from local_cloud.ground import Ground

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

_MAX_ENTRIES = 10  # PutEvents


class Bus:
    def __init__(self, client: EventBridgeClient, ground: Ground) -> None:
        self._client = client
        self._buses = list(ground.resources("AWS::Events::EventBus"))
        self._names = ground.physical_ids()

    def publish(self, events: Iterable[tuple[str, Mapping[str, Any]]], source: str) -> None:
        """Facts on the template's bus. Raises ValueError where there is not one bus."""
        if len(self._buses) != 1:
            raise ValueError(f"The template must have one bus to publish on; it has {self._buses}")
        name = self._names[self._buses[0]]
        self.put(
            [
                {
                    "EventBusName": name,
                    "Source": source,
                    "DetailType": detail_type,
                    "Detail": json.dumps(detail),
                    "Time": datetime.now(UTC),
                }
                for detail_type, detail in events
            ]
        )

    def put(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Entries as PutEvents takes them, on whichever bus each names."""
        for batch in batched(
            cast("Sequence[PutEventsRequestEntryTypeDef]", entries), _MAX_ENTRIES, strict=False
        ):
            answer = self._client.put_events(Entries=list(batch))
            if answer["FailedEntryCount"]:
                raise RuntimeError(f"The bus refused events: {answer['Entries']}")
