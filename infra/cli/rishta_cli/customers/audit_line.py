"""The audit line: that somebody was erased, when, by whom and why, under a keyed digest of the customer's id.

It lies among the customers, where no customer's id can meet it ("#"), and stays for good: a shop must be able to show
that it did what it was asked for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item
from rishta_cli.customers.finding import AUDIT_LINE
from rishta_cli.customers.person import Person
from rishta_cli.stacks import Stack


@dataclass(frozen=True)
class AuditLine:
    """`finished_at` (UTC): when nothing was left over; None: it was begun, and not seen to its end."""

    begun_at: datetime
    author: str
    reason: str
    finished_at: datetime | None = None

    def told(self) -> str:
        ended = f"finished {to_text(self.finished_at)}" if self.finished_at else "not finished: run it again"
        return f"erasure begun {to_text(self.begun_at)} by {self.author} ({self.reason}), {ended}"


class AuditLines:
    """One person's, the oldest first."""

    def __init__(self, stack: Stack, person: Person) -> None:
        self._client = stack.client("dynamodb")
        self._table = stack.physical_id("CustomersTable")
        self._key = to_item({"customer_id": AUDIT_LINE + person.erasure_digest})

    def read(self) -> list[AuditLine]:
        answer = self._client.get_item(TableName=self._table, Key=self._key, ConsistentRead=True)
        return [_line(each) for each in from_item(answer["Item"])["lines"]] if "Item" in answer else []

    def begin(self, now: datetime, author: str, reason: str) -> None:
        """A line of its own, or the one that was begun and not finished."""
        if any(line.finished_at is None for line in self.read()):
            return
        self._client.update_item(
            TableName=self._table,
            Key=self._key,
            UpdateExpression="SET #lines = list_append(if_not_exists(#lines, :none), :line)",
            ExpressionAttributeNames={"#lines": "lines"},
            ExpressionAttributeValues=to_item(
                {":none": [], ":line": [{"begun_at": to_text(now), "author": author, "reason": reason}]}
            ),
        )

    def finish(self, now: datetime) -> None:
        """Of the line that is not finished."""
        for number, line in enumerate(self.read()):
            if line.finished_at is None:
                self._client.update_item(
                    TableName=self._table,
                    Key=self._key,
                    UpdateExpression=f"SET #lines[{number}].finished_at = :now",
                    ExpressionAttributeNames={"#lines": "lines"},
                    ExpressionAttributeValues=to_item({":now": to_text(now)}),
                )


def _line(values: dict[str, Any]) -> AuditLine:
    finished = values.get("finished_at")
    return AuditLine(
        from_text(values["begun_at"]),
        values["author"],
        values["reason"],
        from_text(finished) if finished else None,
    )
