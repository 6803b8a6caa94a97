"""What customers' dates need in tests: facts in any order, and a table of dates in memory."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engagement.events.loyalty import TierChanged
from engagement.items import from_item
from engagement.plan import engagement_plan
from occasion_offers.date_rules import DateFact, after_fact
from occasion_offers.dates import KnownDates, OccasionDate, Told
from occasion_offers.dates_table import Dates, day_group
from occasion_offers.keeping import DateKeeping
from occasion_offers.zones import Zones
from recording_queue import RecordingQueue
from shop_facts import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOTHING_KNOWN = KnownDates(Told("cust-asha"))


def tier_changed(tier: str = "gold", customer_id: str = "cust-asha", **changes: Any) -> TierChanged:
    known = {"event_id": f"tier-{tier}", "occurred_at": NOW, "customer_id": customer_id, "tier": tier}
    return TierChanged.model_validate(known | changes)


def known_after(*facts: DateFact, before: KnownDates = NOTHING_KNOWN) -> KnownDates:
    """What is known when the facts were told in this order, by the shop of the deployed plan."""
    for fact in facts:
        before = after_fact(before, fact, engagement_plan().shop)
    return before


def an_occasion(occasion: str = "birthday", day: str = "1991-03-02", **changes: Any) -> OccasionDate:
    known: dict[str, Any] = {"since": NOW, "time_zone": "Asia/Kolkata"}
    return OccasionDate("cust-asha", occasion, day, **known | changes)


def joined(day: date, at: datetime) -> OccasionDate:
    return an_occasion("joining", day.isoformat(), since=at)


def by_name(*rows: OccasionDate) -> dict[str, OccasionDate]:
    return {row.occasion: row for row in rows}


class DatesInMemory(Dates):
    """Keeps the promises of the table as far as heads go; others get in first as often as `lost_races` says."""

    def __init__(self, *, lost_races: int = 0) -> None:
        self.lost_races = lost_races
        self.kept: list[KnownDates] = []
        self.heads: dict[str, KnownDates] = {}

    def known(self, customer_id: str) -> KnownDates:
        return self.heads.get(customer_id, KnownDates(Told(customer_id)))

    def keep(self, before: KnownDates, after: KnownDates, shards: int) -> bool:
        name = after.told.customer_id
        if self.lost_races:
            self.lost_races -= 1
            current = self.known(name)
            told = replace(current.told, version=current.told.version + 1)
            self.heads[name] = replace(current, told=told)
        if self.known(name).told.version != before.told.version:
            return False
        self.heads[name] = after
        self.kept.append(after)
        return True


class ZonesInMemory(Zones):
    """Remembers each call, and what had been kept by then."""

    def __init__(self, dates: DatesInMemory) -> None:
        self._dates = dates
        self.noted: list[tuple[str, int, int]] = []

    def note(self, time_zone: str, shards: int) -> None:
        self.noted.append((time_zone, shards, len(self._dates.kept)))


def whole_group(dates: Dates, group: str, *, limit: int = 100) -> Iterable[OccasionDate]:
    """Every date of a group, page after page."""
    page = dates.on_day(group, limit=limit)
    yield from page.dates
    while page.cursor is not None:
        page = dates.on_day(group, limit=limit, cursor=page.cursor)
        yield from page.dates


def found_on(
    dates: Dates, occasion: str, month_day: str, zones: dict[str, int], *, group: Any = day_group
) -> list[str]:
    """The ids of everybody whom a run over the inhabited zones finds for a day."""
    return sorted(
        row.customer_id
        for time_zone, shards in zones.items()
        for shard in range(shards)
        for row in whole_group(dates, group(occasion, month_day, time_zone, shard))
    )


class House:
    """Customers' dates on the real engine."""

    def __init__(self, client: "DynamoDBClient", make_table: Callable[[str], str]) -> None:
        self.client = client
        self.table, self.zones_table = make_table("OccasionsTable"), make_table("TimeZonesTable")
        self.dates = Dates(client, self.table)

    @property
    def zones(self) -> Zones:
        """As a new execution environment has them, which noted nothing yet."""
        return Zones(self.client, self.zones_table)

    def tell(self, *facts: DateFact, shards: int = 4, client: Any = None) -> None:
        dates = Dates(client or self.client, self.table)
        zones = Zones(client or self.client, self.zones_table)
        keeping = DateKeeping(
            dates, zones, engagement_plan().shop, shards, RecordingQueue(), campaigns={}, pause=lambda _: None
        )
        for fact in facts:
            keeping.apply(fact, NOW)

    def items(self, customer_id: str = "cust-asha") -> dict[str, dict[str, Any]]:
        """The customer's partition, by occasion."""
        answer = self.client.query(
            TableName=self.table,
            KeyConditionExpression="customer_id = :customer_id",
            ExpressionAttributeValues={":customer_id": {"S": customer_id}},
            ConsistentRead=True,
        )
        return {item["occasion"]: item for item in map(from_item, answer["Items"])}

    def born_on(self, month_day: str) -> list[str]:
        return found_on(self.dates, "birthday", month_day, self.zones.inhabited())


class Watched:
    """A client that tells `watcher` of each call, "before" and "after" it takes effect; it may raise."""

    def __init__(self, client: "DynamoDBClient", watcher: Callable[[str, str, dict[str, Any]], None]) -> None:
        self._client, self._watcher = client, watcher
        self.exceptions: Any = client.exceptions

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self._watcher("before", operation, request)
            answer = getattr(self._client, operation)(**request)
            self._watcher("after", operation, request)
            return answer

        return call
