"""What time does to points: they mature and end on their days, birthdays come once a year, tiers follow what counts.

Whoever was erased is left out where it matters: all that they had ended on that day.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from tests.simulation.judges.books_points import Customer, customers_of
from tests.simulation.judges.books_reading import Reading, duration, found, instant
from tests.simulation.record import Finding

ON_ITS_DAY = "points become spendable, and end, on their days"
ENDED = "what ends is ended, and nothing before its time"
BIRTHDAY = "a birthday brings its points once a year, on its day"
TIER = "a tier is what counted in a year"

_ORDERS_KINDS = ("paid", "refunded", "cancelled", "offer_redeemed", "offer_released")
_A_DAY = timedelta(days=1)
# A birthday that is moved does not come twice; one that nobody looks at for a week is over.
_APART, _BIRTHDAY_IS_LATE = timedelta(days=330), timedelta(days=8)


def time_findings(reading: Reading) -> Iterator[Finding]:
    """At the end: a day after all was due it is done."""
    settings = reading.plan["campaigns"]["loyalty"]["settings"]
    pending_for, lasts = duration(settings["pending_for"]), duration(settings["expiry"]["after"])
    unchanged = duration(settings["bonuses"]["birthday_unchanged_for"])
    for customer in customers_of(reading):
        yield from _on_their_days(customer, pending_for, lasts)
        yield from _ended(customer, reading.now)
        yield from _birthdays(customer, reading.now, unchanged)
        yield from _tiers(customer, reading)


def _on_their_days(customer: Customer, pending_for: timedelta, lasts: timedelta) -> Iterator[Finding]:
    paid_on = {
        entry["order_id"]: customer.terms.day_of(instant(entry["occurred_at"]))
        for entry in customer.booked("paid")
    }
    shown_on: dict[str, date] = {}
    for entry in customer.kept.entries:
        if "lot" not in entry or entry["kind"] == "expired":
            continue
        day = date.fromisoformat(entry["day"])
        if entry["kind"] in _ORDERS_KINDS:
            day = paid_on[entry["order_id"]] + pending_for
        elif entry["kind"] == "birthday":
            # Booked up to a week late, it is good from the day itself.
            day = date.fromisoformat(entry["entry_id"].rpartition(":")[2])
        elif entry.get("review_id"):
            day = shown_on.setdefault(entry["review_id"], day)
        ends = _month_after(day + lasts)
        if entry["lot"] != {"matures_on": f"{day}", "expires_on": f"{ends}"}:
            what = f"{entry['entry_id']} should be good from {day} to {ends}: {entry['lot']}"
            yield found(ON_ITS_DAY, customer.kept.customer_id, what)


def _ended(customer: Customer, now: datetime) -> Iterator[Finding]:
    customer_id, account = customer.kept.customer_id, customer.kept.account
    if not customer.told(CustomerErased):
        for entry in customer.booked("expired"):
            if "lot" in entry and entry["day"] < entry["lot"]["expires_on"]:
                yield found(ENDED, customer_id, f"{entry['entry_id']} ended on {entry['day']}")
    yesterday, used = f"{customer.terms.day_of(now) - _A_DAY}", int(account.get("used", 0))
    for ends_on, points in sorted(account.get("lots", {}).items()):
        left, used = max(0, int(points) - used), max(0, used - int(points))
        if left and ends_on <= yesterday:
            yield found(ENDED, customer_id, f"{left} points that ended on {ends_on} are still there")
    for name, hold in account.get("held", {}).items():
        if instant(hold["until"]) < now - _A_DAY:
            yield found(ENDED, customer_id, f"{name} was to be held until {hold['until']}")


def _birthdays(customer: Customer, now: datetime, unchanged: timedelta) -> Iterator[Finding]:
    customer_id, bonus = customer.kept.customer_id, customer.terms.settings.bonuses.birthday
    profiles = customer.told(CustomerRegistered, CustomerUpdated)
    known = {fact.birthday[-5:] for _, fact in profiles if fact.birthday}
    paid = {date.fromisoformat(entry["day"]): entry for entry in customer.booked("birthday")}
    for day, entry in paid.items():
        on = date.fromisoformat(entry["entry_id"].rpartition(":")[2])
        if not any(_on_day(each, on.year) == on for each in known) or int(entry["points"]) != bonus:
            yield found(
                BIRTHDAY, customer_id, f"{entry['points']} points on {day}, birthdays: {sorted(known)}"
            )
    for before, after in pairwise(sorted(paid)):
        if after - before < _APART:
            yield found(BIRTHDAY, customer_id, f"on {before}, and on {after}")
    if len(known) != 1 or customer.told(CustomerErased) or any(not fact.birthday for _, fact in profiles):
        return  # which one was known when, is for the ledger to know
    (birthday,) = known
    told_at, said = min(profiles, key=lambda each: each[0])
    since = max(told_at, said.occurred_at + unchanged)
    first, last = customer.terms.day_of(since) + _A_DAY, customer.terms.day_of(now - _BIRTHDAY_IS_LATE)
    for year in range(first.year, last.year + 1):
        if first <= (day := _on_day(birthday, year)) <= last and day not in paid:
            yield found(BIRTHDAY, customer_id, f"{day} brought nothing, known since {since:%Y-%m-%d}")


def _tiers(customer: Customer, reading: Reading) -> Iterator[Finding]:
    if customer.told(CustomerErased):
        return
    customer_id, plan = customer.kept.customer_id, reading.plan["tiers"]
    names = [step["name"] for step in plan["steps"]]
    thresholds = [step["threshold"] for step in plan["steps"]]
    grace, tier, period_from = duration(plan["downgrade"]["grace"]), 0, date.min
    for number, entry in enumerate(customer.kept.entries):
        if entry["kind"] not in ("tier_changed", "tier_kept"):
            continue
        day, now = date.fromisoformat(entry["day"]), names.index(entry["tier"])
        measured = _measured(customer.kept.entries[:number], day)
        if now > tier and measured < thresholds[now]:
            yield found(TIER, customer_id, f"{entry['tier']} on {day} with {measured} in a year")
        if now < tier - 1 or (
            now < tier and day < _on_day(f"{period_from:%m-%d}", period_from.year + 1) + grace
        ):
            yield found(
                TIER, customer_id, f"down to {entry['tier']} on {day}, in a period from {period_from}"
            )
        tier, period_from = now, date.fromisoformat(entry["period_from"])
    today = customer.terms.day_of(reading.now)
    measured = min(_measured(customer.kept.entries, day) for day in (today, today - _A_DAY))
    if measured >= thresholds[min(tier + 1, len(names) - 1)] and tier < len(names) - 1:
        yield found(TIER, customer_id, f"is {names[tier]}, with {measured} in a year")


def _measured(entries: list[dict[str, Any]], day: date) -> int:
    """What counted in the year that ends with the day: from when it could be spent."""
    first = f"{_on_day(f'{day:%m-%d}', day.year - 1)}"
    return sum(
        int(entry["qualifying"].get("points", 0))
        for entry in entries
        if "qualifying" in entry and first < entry["lot"]["matures_on"] <= f"{day}"
    )


def _on_day(month_and_day: str, year: int) -> date:
    """Of 29 February the 28th in a common year."""
    try:
        return date.fromisoformat(f"{year}-{month_and_day}")
    except ValueError:
        return date(year, 2, 28)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
