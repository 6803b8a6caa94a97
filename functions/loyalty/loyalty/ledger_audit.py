"""The audit that never ends: every hour another part of all customers, everybody within thirty days."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from engagement.metrics import count
from engagement.observability import customer_ref, logger
from engagement.plan_sections import TierRules
from loyalty.auditing import audited
from loyalty.ledger_items import records_of
from loyalty.records import Records
from loyalty.table import Ledger

# One for each hour of thirty days.
PARTS = 720
# Somebody may book while a customer's records are read: what differs then does not when it is read again.
_READINGS = 3
# It stops with so many milliseconds left: well before the alarm on runs near the timeout (480 of 600 seconds) rings.
_ENOUGH = 150_000


@dataclass(frozen=True)
class LedgerAudit:
    ledger: Ledger
    tiers: TierRules
    parts: int = PARTS

    def audit(self, now: datetime, remaining: Callable[[], int]) -> dict[str, int]:
        """Audit the part whose hour (UTC) it is; `remaining` gives the milliseconds that are left. How many customers
        were `audited`, how many `differ`, and whether all of the part was looked at (`done`, 1 or 0).

        A customer's records lie together in one part, whatever is booked meanwhile.
        """
        looked_at = differing = 0
        done = 1
        items = self.ledger.part(int(now.timestamp()) // 3600 % self.parts, self.parts)
        for customer_id, kept in groupby(items, key=lambda item: str(item["customer_id"])):
            if remaining() < _ENOUGH:
                done = 0
                break
            looked_at += 1
            differing += self._differs(customer_id, kept)
        count("LedgerAudited", looked_at)
        if differing:
            count("LedgerDifferences", differing)
        if not done:
            logger().warning("the ledger's part is too large for one run", extra={"audited": looked_at})
        return {"audited": looked_at, "differ": differing, "done": done}

    def _differs(self, customer_id: str, kept: Iterable[dict[str, Any]]) -> bool:
        found = self._differences(lambda: records_of(customer_id, kept))
        for _ in range(_READINGS - 1):
            if not found:
                return False
            found = self._differences(lambda: self.ledger.records(customer_id))
        if found:
            who = customer_ref(customer_id)
            logger().error("the ledger differs", extra={"customer_ref": who, "differences": found})
        return bool(found)

    def _differences(self, read: Callable[[], Records]) -> int:
        """How many there are; what cannot be read at all is one. What they say may be personal."""
        try:
            return len(audited(read(), self.tiers).differences)
        except ValueError:
            return 1
