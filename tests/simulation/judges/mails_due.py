"""Who was due for a birthday's mail, reckoned from the shop's facts alone; and whether it came on the day.

Only of customers about whom nothing changed around the day: what a change just before it means is the rules' business,
and the other judges' and tests'.
"""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engagement.events.customers import (
    ConsentChanged,
    CustomerErased,
    CustomerRegistered,
    CustomerUpdated,
    Unsubscribed,
)
from tests.simulation.judges.books_reading import fact_of
from tests.simulation.judges.mails_known import send_key_in
from tests.simulation.record import Finding, Record

DUE = "whoever is due for a birthday's mail gets it, or has a reason"
ON_THE_DAY = "a birthday's mail comes on the day, at its hour, on the customer's clock"

_CAMPAIGN = "birthday_offer"
_AROUND = timedelta(days=3)
_LONG_BEFORE = timedelta(days=32)
_HEARERS = ("CustomerProfilesFactsFunction", "OccasionOffersFactsFunction", "PreferencesFactsFunction")
# What customers say on our pages.
_SAID: dict[str, type[ConsentChanged | Unsubscribed]] = {
    "ConsentChanged": ConsentChanged,
    "Unsubscribed": Unsubscribed,
}
_ABOUT = CustomerRegistered | CustomerUpdated | CustomerErased | ConsentChanged | Unsubscribed


def occasion_findings(record: Record, plan: dict[str, Any]) -> Iterator[Finding]:
    """At the end of the year."""
    settings = plan["campaigns"][_CAMPAIGN]["settings"]
    log = {item["send_key"] for item in record.table("MailLogTable")}
    mails = {send_key_in(mail.tags): mail.sent_at for mail in record.mails}
    for customer_id, facts in _facts(record).items():
        born = _steady_birthday(facts)
        if born is None:
            continue
        zone = ZoneInfo(_steady_zone(facts) or plan["shop"]["time_zone"])
        for day in _days(born, record.start.date(), (record.now or record.start).date()):
            send_key = f"{_CAMPAIGN}:{customer_id}:{day.year}"
            begins = datetime.combine(day, time(settings["local_hour"]), zone).astimezone(UTC)
            if not _is_quiet(facts, begins) or begins + _AROUND > (record.now or record.start):
                continue
            if _agreed(facts, begins) and _old_enough(born, day, plan) and send_key not in log:
                yield Finding(DUE, customer_id, f"{send_key}: born {born}, in {zone}", begins)
            if at := mails.get(send_key):
                here = at.astimezone(zone)
                if here.date() != day or here.hour < settings["local_hour"]:
                    yield Finding(
                        ON_THE_DAY, customer_id, f"{send_key}: came {here:%Y-%m-%d %H:%M} there", at
                    )


def _facts(record: Record) -> dict[str, list[tuple[datetime, Any]]]:
    """Of each customer all that says who they are and what they agree to, at each moment at which somebody heard it;
    none of those who were ever erased."""
    heard: list[tuple[datetime, Any]] = [(each.at, each.fact) for each in record.told]
    heard += [(each.at, fact_of(each.body)) for each in record.handled if each.function in _HEARERS]
    heard += [
        (each.at, _SAID[each.detail_type].model_validate(each.detail))
        for each in record.published
        if each.detail_type in _SAID
    ]
    found: dict[str, list[tuple[datetime, Any]]] = {}
    for at, fact in heard:
        if isinstance(fact, _ABOUT):
            found.setdefault(fact.customer_id, []).append((at, fact))
    return {
        customer_id: facts
        for customer_id, facts in found.items()
        if not any(isinstance(fact, CustomerErased) for _, fact in facts)
    }


def _steady_birthday(facts: list[tuple[datetime, Any]]) -> str | None:
    """None where there is none, or not always the same."""
    days = {fact.birthday for _, fact in facts if isinstance(fact, CustomerRegistered | CustomerUpdated)}
    return str(days.pop()) if len(days) == 1 and None not in days else None


def _steady_zone(facts: list[tuple[datetime, Any]]) -> str | None:
    newest = max(
        (fact for _, fact in facts if isinstance(fact, CustomerRegistered | CustomerUpdated)),
        key=lambda fact: fact.occurred_at,
    )
    zones = {fact.time_zone for _, fact in facts if isinstance(fact, CustomerRegistered | CustomerUpdated)}
    return newest.time_zone if len(zones) == 1 else "UTC"


def _is_quiet(facts: list[tuple[datetime, Any]], begins: datetime) -> bool:
    """Whether all was known long before, and nothing was told or heard around the day."""
    profiles = [(at, fact) for at, fact in facts if isinstance(fact, CustomerRegistered | CustomerUpdated)]
    zones = {fact.time_zone for _, fact in profiles}
    around = any(
        begins - _AROUND <= moment <= begins + _AROUND
        for at, fact in facts
        for moment in (at, fact.occurred_at)
    )
    known = any(max(at, fact.occurred_at) < begins - _LONG_BEFORE for at, fact in profiles)
    return len(zones) == 1 and known and not around


def _agreed(facts: list[tuple[datetime, Any]], begins: datetime) -> bool:
    decisions: list[tuple[datetime, bool]] = []
    for at, fact in facts:
        if at > begins or fact.occurred_at > begins:
            continue
        if isinstance(fact, CustomerRegistered) and "offers" in fact.consents:
            decisions.append((fact.occurred_at, True))
        if isinstance(fact, ConsentChanged) and fact.topic == "offers":
            decisions.append((fact.occurred_at, fact.granted))
        if isinstance(fact, Unsubscribed) and fact.topic == "offers":
            decisions.append((fact.occurred_at, False))
    return bool(decisions) and max(decisions, key=lambda each: (each[0], not each[1]))[1]


def _days(born: str, first: date, last: date) -> Iterator[date]:
    """Its days between the two: 29 February is kept on 28 February in common years."""
    month, day = (int(part) for part in born[-5:].split("-"))
    for year in range(first.year, last.year + 1):
        leaps = (month, day) == (2, 29) and not calendar.isleap(year)
        kept = date(year, 2, 28) if leaps else date(year, month, day)
        if first < kept < last:
            yield kept


def _old_enough(born: str, day: date, plan: dict[str, Any]) -> bool:
    return len(born) < 10 or day.year - int(born[:4]) > plan["delivery"]["minimum_age"]
