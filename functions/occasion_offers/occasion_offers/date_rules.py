"""What a fact about a customer changes in what is known of their days. No clock, no I/O.

Facts come more than once and in any order. As with the profile itself (`customer_profiles`), the newest fact wins by
the shop's own time; of one instant a registration comes before an update, and an erasure last; only a registration
that is later than the erasure brings a customer back. Nothing personal stays of an erased customer, so an update or a
tier that comes then is dropped; should the new registration come after it, it counts when it is told again.

`since` may turn out later than the truth where facts come out of order: whoever is wronged earns nothing this year.
Around an erasure it may turn out earlier, where a profile of before it comes after the return.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engagement.birthdays import why_refused
from engagement.events.customers import BIRTHDAY, JOINING, CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import TierChanged
from engagement.plan_sections import Shop
from occasion_offers.dates import KnownDates, OccasionDate, Told

type DateFact = CustomerRegistered | CustomerUpdated | CustomerErased | TierChanged

# Of a customer, the first ones and the last one. A shop that registers a customer every night must not fill the head.
_REGISTRATIONS_KEPT = 10


def after_fact(known: KnownDates, fact: DateFact, shop: Shop) -> KnownDates:
    """What is known when the fact is told too: `known` itself if it says nothing new, else the next version of it.

    The shop's time zone stands in where the customer's own is unknown.
    """
    match fact:
        case CustomerRegistered():
            after = _after_registration(known, fact, shop)
        case CustomerUpdated():
            after = _after_update(known, fact, shop)
        case CustomerErased():
            after = _after_erasure(known, fact.occurred_at)
        case TierChanged():
            after = _after_tier(known, fact)
    if after == known:
        return known
    return replace(after, told=replace(after.told, version=known.told.version + 1))


def _after_registration(known: KnownDates, fact: CustomerRegistered, shop: Shop) -> KnownDates:
    told, at = known.told, fact.occurred_at
    if told.erased_at is not None and at <= told.erased_at:
        return known
    day = at.astimezone(ZoneInfo(fact.time_zone or shop.time_zone)).date()
    registered = replace(known, told=replace(told, registrations=_kept({at: day, **told.registrations})))
    if told.told_at is None or told.told_at < at:
        return _with_profile(registered, fact, shop)
    return _with_older_profile(registered, fact, shop)


def _after_update(known: KnownDates, fact: CustomerUpdated, shop: Shop) -> KnownDates:
    told, at = known.told, fact.occurred_at
    if told.erased_at is not None and told.joined_at is None:
        return known
    if told.told_at is None or told.told_at <= at:
        return _with_profile(known, fact, shop)
    return _with_older_profile(known, fact, shop)


def _after_erasure(known: KnownDates, at: datetime) -> KnownDates:
    """An erasure that is older than a registration spares the account that was opened since, and nothing before it."""
    told = known.told
    if told.erased_at is not None and at <= told.erased_at:
        return known
    registrations = {told_at: day for told_at, day in told.registrations.items() if told_at > at}
    if not registrations:
        return KnownDates(Told(told.customer_id, told.version, erased_at=at))
    joined_at = min(registrations)
    told = replace(told, erased_at=at, registrations=registrations)
    if told.tier_told_at is not None and told.tier_told_at < joined_at:
        told = replace(told, tier=None, tier_told_at=None)
    return _known(told, (replace(row, since=max(row.since, joined_at)) for row in known.dates.values()))


def _after_tier(known: KnownDates, fact: TierChanged) -> KnownDates:
    told, at = known.told, fact.occurred_at
    if told.tier_told_at is not None and at < told.tier_told_at:
        return known
    if told.erased_at is not None and (told.joined_at is None or at < told.joined_at):
        return known
    return _known(replace(told, tier=fact.tier, tier_told_at=at), known.dates.values())


def _with_profile(known: KnownDates, fact: CustomerRegistered | CustomerUpdated, shop: Shop) -> KnownDates:
    """The newest profile: its dates and no others, each the older one where day and month stay what they were."""
    told = replace(known.told, told_at=fact.occurred_at, time_zone=fact.time_zone or shop.time_zone)
    rows = _rows_told(fact, shop)
    return _known(told, (_as_long_as(known.dates.get(name), row) for name, row in rows.items()))


def _with_older_profile(
    known: KnownDates, fact: CustomerRegistered | CustomerUpdated, shop: Shop
) -> KnownDates:
    """A profile that a newer one has overtaken. Where it tells of another day, or none, the day of today cannot be
    older than that; how much younger nobody knows, so it counts from the newest profile.
    """
    at, told_at = fact.occurred_at, known.told.told_at
    then = _rows_told(fact, shop)
    return _known(
        known.told,
        (
            row
            if told_at is None or row.since > at or _is_same_day(then.get(row.occasion), row)
            else replace(row, since=told_at)
            for row in known.dates.values()
        ),
    )


def _rows_told(fact: CustomerRegistered | CustomerUpdated, shop: Shop) -> Mapping[str, OccasionDate]:
    time_zone = fact.time_zone or shop.time_zone
    told = ({BIRTHDAY: fact.birthday} if fact.birthday else {}) | dict(fact.dates)
    return {
        name: OccasionDate(
            customer_id=fact.customer_id,
            occasion=name,
            date=day,
            since=fact.occurred_at,
            time_zone=time_zone,
            refused=why_refused(day, fact.occurred_at, time_zone),
        )
        for name, day in told.items()
    }


def _as_long_as(before: OccasionDate | None, row: OccasionDate) -> OccasionDate:
    return replace(row, since=before.since) if before and _is_same_day(before, row) else row


def _is_same_day(one: OccasionDate | None, other: OccasionDate) -> bool:
    """A year that is added or corrected changes nothing; a date that was not believed was no date."""
    return one is not None and (one.month_day, one.refused is None) == (
        other.month_day,
        other.refused is None,
    )


def _known(told: Told, rows: Iterable[OccasionDate]) -> KnownDates:
    """All rows have the customer's zone and tier; the day of joining follows from the registrations."""
    if told.time_zone is None:
        return KnownDates(told)
    told_rows = [row for row in rows if row.occasion != JOINING]
    joining = [
        OccasionDate(told.customer_id, JOINING, day.isoformat(), at, told.time_zone)
        for at, day in sorted(told.registrations.items())[:1]
    ]
    return KnownDates(
        told,
        {
            row.occasion: replace(row, time_zone=told.time_zone, tier=told.tier)
            for row in [*told_rows, *joining]
        },
    )


def _kept(registrations: Mapping[datetime, date]) -> Mapping[datetime, date]:
    *first, last = sorted(registrations.items())
    return dict([*first[: _REGISTRATIONS_KEPT - 1], last])
