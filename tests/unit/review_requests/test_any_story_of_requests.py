"""Whatever happens to a few orders, in whatever order it is told: nobody is embarrassed, and nobody is forgotten.

They are the same ones each time; a run by hand may be longer, and of others: STORIES_OF_REQUESTS=5000.
"""

import os
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from hypothesis import HealthCheck, given, settings

from request_chances import Chances, of_mails, unwell
from request_judge import IN_VAIN, HeldAgainstTheShop
from request_stories import tales
from request_tales import RAVI, ZONES, Tale, Trouble, at, fact_of, shown_in
from request_world import Handed
from request_yardstick import REMIND_AFTER, TOGETHER_WITHIN, USEFUL_FOR
from shop_facts import ALL_TOPICS, NOW, days, registered

BY_HAND = os.environ.get("STORIES_OF_REQUESTS")
STORIES = int(BY_HAND or "35")
_THE_END = NOW + days(200)
_LEFT = {"sent", "unknown", "sending"}


class HeldAgainstTime(HeldAgainstTheShop):
    """At the end of a story: who was not asked, or late, though there was an hour at which nothing was in the way."""

    def is_well_told(self) -> None:
        for customer in ZONES:
            if self.shop().is_erased(customer):
                continue
            handed = [each for each in self.world.handed if self.customer_of(each.send_key) == customer]
            chances = Chances(ZONES[customer], unwell(self.outages) + of_mails(handed, self.world.log()))
            for first in {each.version: each for each in reversed(handed)}.values():
                self.at_their_hour(first, customer)
                if first.send_key.endswith(":first"):
                    self.of_use_long_enough(first, customer)
            self._nobody_is_forgotten(customer, chances)
            self._nobody_is_not_reminded(customer, chances)
            self._nobody_is_late(customer, chances)

    def _nobody_is_forgotten(self, customer: str, chances: Chances) -> None:
        """Each order that was sent has its mail, or its reason, and each that could has its mail."""
        shop, log = self.shop(), self.world.log()
        for order_id in filter(shop.is_shipped, shop.order_ids(customer)):
            due = shop.due(customer, order_id)
            if shop.ripe(customer, order_id) and due is None:
                continue  # what can be asked about has not left yet
            decided = {key: log[key] for key in self.keys_about(customer, order_id) if key in log}
            assert decided, f"{order_id} is forgotten"
            if due is None or shop.has_open_case(order_id) or self._has_its_reason(order_id, "first"):
                continue
            if customer == RAVI and "no_consent" in {each.get("reason") for each in decided.values()}:
                continue
            if not {each["mail_status"] for each in decided.values()} & _LEFT:
                ready = self._ready(customer, due + TOGETHER_WITHIN, {order_id})
                hour = chances.first(ready, due + USEFUL_FOR)
                assert not hour, f"{order_id} should have been asked about, say at {hour}: {decided}"

    def _nobody_is_not_reminded(self, customer: str, chances: Chances) -> None:
        shop = self.shop()
        for key, (_, asked_at) in self._first_of(customer):
            order_id, raw, members = key.split(":")[1], asked_at + REMIND_AFTER, self.members(key)
            if any(map(shop.is_reviewed, members)) or self._has_its_reason(order_id, "reminder"):
                continue
            if key.replace(":first", ":reminder") not in self.asked and self.left(key, shop, raw):
                hour = chances.first(self._ready(customer, raw, members), raw + USEFUL_FOR)
                assert not hour, f"nobody was reminded of {key}, say at {hour}"

    def _nobody_is_late(self, customer: str, chances: Chances) -> None:
        """A group goes with its last order."""
        for key, (shown, _) in self.asked.items():
            if self.customer_of(key) != customer:
                continue
            last = [each for each in self.world.handed if each.send_key == key][-1]
            handed = next(each for each in self.world.handed if each.version == last.version)
            decided_at = self.decided_at(handed, customer)
            if key.endswith(":first"):
                since = self._due_together(customer, self.members(key), handed)
            else:
                since = self.asked[key.replace(":reminder", ":first")][1] + REMIND_AFTER
            hour = chances.first(self._ready(customer, since, None, decided_at), decided_at)
            assert not hour, f"{key} about {shown} could have been decided at {hour}, not at {decided_at}"

    def _due_together(self, customer: str, members: Iterable[str], handed: Handed) -> datetime:
        shop = self.shop(handed.known)
        dues = [due for each in members if (due := shop.due(customer, each))]
        return max(due for due in dues if due <= min(dues) + TOGETHER_WITHIN)

    def _has_its_reason(self, order_id: str, which: str) -> bool:
        """One that is not that it came to nothing."""
        refused = self.let_be.get(f"review_request:{order_id}:{which}")
        return refused is not None and refused.reason not in IN_VAIN

    def _first_of(self, customer: str) -> list[tuple[str, tuple[set[tuple[str, str]], datetime]]]:
        return [
            (key, asked)
            for key, asked in self.asked.items()
            if key.endswith(":first") and self.customer_of(key) == customer
        ]

    def _ready(
        self, customer: str, since: datetime, orders: set[str] | None, until: datetime = _THE_END
    ) -> datetime:
        """When, from `since` on, all was known that counts for these orders. None: for all that the customer has.

        Nobody tells us that a registration came: the room looks again when it has waited as long as all before.
        """
        shop, ready = self.shop(), since
        dues = [due for each in shop.order_ids(customer) if (due := shop.due(customer, each))]
        for news in self.news:
            if news.customer_id != customer or news.at > until:
                continue
            if orders is None or news.order_id is None or news.order_id in orders:
                late = max(news.at - min([*dues, since]), days(0)) if news.is_who else days(0)
                ready = max(ready, news.at + late)
        return ready


def play(tale: Tale) -> HeldAgainstTime:
    story = HeldAgainstTime(tale)
    story.goes_on(_THE_END)
    story.is_well_told()
    return story


@settings(
    max_examples=STORIES, deadline=None, derandomize=not BY_HAND, suppress_health_check=list(HealthCheck)
)
@given(tale=tales())
def test_nobody_is_embarrassed_and_nobody_forgotten(tale: Tale) -> None:
    play(tale)


_ORDER = ("asha", "order-1")
_WHO = (
    NOW - days(1),
    registered("asha", occurred_at=NOW - days(1), consents=ALL_TOPICS, time_zone=ZONES["asha"]),
)


def test_what_goes_back_while_a_mail_waits_is_not_in_it() -> None:
    """And a yardstick that never sees a mail would be none."""
    bought = ["assam", "cups", "kettle"]
    leaves = fact_of(("leaves", "p-1", bought, "domestic", None), _ORDER, at(0))
    # The mail is handed over at half past eleven, UTC, and is held up.
    waits = ("delivery", at(280), at(289.5))
    back = [
        fact_of(("return", [each]), _ORDER, at(hour)) for each, hour in (("cups", 288.5), ("kettle", 320))
    ]
    tellings = [_WHO, *((fact.occurred_at, fact) for fact in (leaves, *back))]
    story = play(Tale(tellings, [waits]))
    assert {key: {each for _, each in shown} for key, (shown, _) in story.asked.items()} == {
        "review_request:order-1:first": {"assam", "kettle"},
        "review_request:order-1:reminder": {"assam"},
    }
    assert [key for key, times in Counter(each.send_key for each in story.world.handed).items() if times > 1]


def test_a_bus_that_refuses_for_a_day_delays_a_mail_and_loses_none() -> None:
    leaves = fact_of(("leaves", "p-1", ["assam"], "domestic", None), _ORDER, at(0))
    dies = Trouble(0, 0, "before", "dies", call="send_message_batch", times=3)
    story = play(Tale([_WHO, (leaves.occurred_at, leaves)], [("bus", at(260), at(300))], [dies]))
    assert {shown_in(each.text) == {("order-1", "assam")} for each in story.world.accepted} == {True}
    assert list(story.asked) == ["review_request:order-1:first", "review_request:order-1:reminder"]


def test_what_one_order_sent_back_and_another_keeps_is_still_asked_about() -> None:
    other = ("asha", "order-2")
    leaves = [
        fact_of(("leaves", "p-1", ["assam"], "domestic", None), order, at(0)) for order in (_ORDER, other)
    ]
    back = fact_of(("return", ["assam"]), _ORDER, at(350))
    story = play(Tale([_WHO, *((fact.occurred_at, fact) for fact in (*leaves, back))]))
    assert {key: shown for key, (shown, _) in story.asked.items()} == {
        "review_request:order-1:first": {("order-1", "assam")},
        "review_request:order-1:reminder": {("order-2", "assam")},
    }


def test_what_falls_due_while_a_mail_is_held_goes_no_sooner_than_its_week_is_over() -> None:
    orders = [(("asha", f"order-{number}"), number * 190) for number in (0, 1)]
    leaves = [
        fact_of(("leaves", "p-1", [f"assam{hour}"], "domestic", None), order, at(hour))
        for order, hour in orders
    ]
    held = Trouble(0, 0, "after", "holds", (None, 0, 240), call="send_message_batch")
    story = play(Tale([_WHO, *((fact.occurred_at, fact) for fact in leaves)], [], [held]))
    assert len(story.asked) > 1
