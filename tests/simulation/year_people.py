"""Who the customers are, and what changes about them: names, addresses, zones, days, consents; some are forgotten."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from engagement.clock import local_instant
from engagement.events.customers import ConsentChanged, CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import ReferralCompleted
from engagement.events.orders import OrderPaid
from engagement.money import Money
from tests.simulation.year_deeds import Tells, Unsubscribes
from tests.simulation.year_goods import PER_RUPEE, Catalogue
from tests.simulation.year_life import Life
from tests.simulation.year_moments import Moments, Span

# A customer's home and money. Beyond these, `-2`, `-3`, … are of the same names.
NAMES = (
    "asha",
    "emma",
    "lena",
    "tane",
    "ravi",
    "mira",
    "omar",
    "bina",
    "liam",
    "yusuf",
    "noor",
    "kenji",
    "lucia",
)
HOMES = (
    ("Asia/Kolkata", "INR"),
    ("America/New_York", "USD"),
    ("Europe/London", "GBP"),
    ("Pacific/Apia", "NZD"),
    ("Pacific/Chatham", "NZD"),
    ("Asia/Kathmandu", "INR"),
    ("America/St_Johns", "USD"),
    ("Australia/Lord_Howe", "USD"),
    ("Africa/Casablanca", "EUR"),
    ("Europe/Lisbon", "EUR"),
    ("America/Santiago", "USD"),
    ("UTC", "GBP"),
    ("Pacific/Kiritimati", "USD"),
)
_LOCALES = ("en-IN", "en", "en-GB", "hi", "hi-IN", "de", "pt-BR", "zh-Hant-TW", None)
_TOPICS = ("loyalty", "offers", "reminders", "reviews")
_DAY, _A_SEASON = timedelta(days=1), timedelta(days=90)


def mailbox_of(number: int) -> str:
    """Customers are numbered from 0."""
    again, which = divmod(number, len(NAMES))
    return f"{NAMES[which]}-{again + 1}" if again else NAMES[which]


def a_life(seed: int, number: int, span: Span, catalogue: Catalogue, friends: Sequence[Life]) -> Life:
    """A customer with their registration and everything that changes about them."""
    chance = Random(f"{seed}:{number}")
    zone, currency = HOMES[(number + chance.randrange(3)) % len(HOMES)]
    moments = Moments(chance, span, zone)
    length = span.end - span.start
    joined_at = span.start + length * chance.random() * (0.02 if chance.random() < 0.7 else 0.6)
    joined_at = joined_at.replace(microsecond=chance.randrange(1_000_000))
    mailbox = mailbox_of(number)
    life = Life(mailbox, chance, moments, span, catalogue, zone, currency, friends, joined_at)
    if life.may(25):
        life.forgotten_at = joined_at + (span.end - joined_at) * chance.uniform(0.2, 0.9)
        if life.may(60):
            life.back_at = life.forgotten_at + moments.between(0.01, 24 * 30)
            life.second_id = mailbox if life.may(50) else f"{mailbox}.again"
    _profiles(life)
    _consents(life)
    return life


def _profiles(life: Life) -> None:
    birthday = _birthday(life)
    profile: dict[str, Any] = {
        "email": f"{life.mailbox}@mail.example.com",
        "name": f"{life.mailbox.partition('-')[0].capitalize()} {life.chance.choice(('Rao', 'Iyer', 'Martin'))}",
        "locale": life.chance.choice(_LOCALES),
        "time_zone": None if life.may(8) else life.zone,
        "birthday": birthday,
    }
    if birthday:
        life.gift_days += _comes_round(life, birthday[-5:], 9)
    if life.may(20):
        profile["dates"] = {"wedding_day": "2015-11-21"}
    _joins(life, profile)
    changes = sorted(life.moments.some() for _ in range(_some(life, 2, 5)))
    for at in (at for at in changes if not life.back_at or at < life.back_at):
        _changes(life, profile, at)
    if life.forgotten_at:
        gone, who = life.forgotten_at, life.mailbox
        fact = CustomerErased(event_id=f"erased-{who}", occurred_at=gone, customer_id=who)
        life.add(Tells(gone, who, who, fact, "is forgotten"))
    if life.back_at:
        told = profile | {"consents": _agreed(life), "customer_id": life.second_id}
        life.tell(life.back_at, CustomerRegistered, "registers once more", **told)
    for at in (at for at in changes if life.back_at and at > life.back_at):
        _changes(life, profile, at)


def _changes(life: Life, profile: dict[str, Any], at: datetime) -> None:
    what = life.chance.choice(("email", "name", "locale", "time_zone", "birthday"))
    profile[what] = _another(life, what, at)
    life.tell(at, CustomerUpdated, f"changes {what}", customer_id=life.id_at(at), **profile)


def _joins(life: Life, profile: dict[str, Any]) -> None:
    """Today, or the shop tells of an old customer, perhaps a year to the day before some day of this year."""
    since = life.joined_at
    words = "registers"
    if life.may(50):
        day = life.chance.choice([life.chance.choice(life.moments.odd_days), *_days(life)[:40]])
        years = life.chance.choice((1, 1, 2, 3))
        since = min(life.joined_at, life.moments.of_day(_years_before(day, years)))
        life.gift_days += _comes_round(life, f"{since.astimezone(life.moments.zone):%m-%d}", 10)
        words = f"is imported: there since {since:%Y-%m-%d}"
    told = profile | {"consents": _agreed(life), "customer_id": life.mailbox}
    life.tell(life.joined_at, CustomerRegistered, words, occurred_at=since, **told)
    if since < life.joined_at - _DAY:
        _past_order(life, since)
    if life.friends and life.may(35):
        at = life.joined_at + life.moments.between(1, 24 * 20)
        whom = life.chance.choice(life.friends).mailbox
        words = f"was invited by {whom}, who earned it"
        life.tell(
            at, ReferralCompleted, words, customer_id=whom, friend_id=life.mailbox, since=life.joined_at
        )


def _past_order(life: Life, since: datetime) -> None:
    at = life.joined_at + life.moments.between(0.1, 2)
    bought_at = since + (life.joined_at - since) * life.chance.uniform(0.1, 0.99)
    amount = Money(
        amount_minor=life.chance.randint(5, 400) * 100 * PER_RUPEE[life.currency], currency=life.currency
    )
    order_id = life.new("order")
    details = {"order_id": order_id, "customer_id": life.mailbox, "amount": amount, "imported": True}
    words = f"paid {order_id} on {bought_at:%Y-%m-%d}, imported: {amount.amount_minor} {amount.currency}"
    life.tell(at, OrderPaid, words, occurred_at=bought_at, **details)


def _consents(life: Life) -> None:
    for _ in range(_some(life, 1, 3)):
        at, topic, granted = life.moments.some(), life.chance.choice(_TOPICS), life.may(65)
        words = f"{'agrees' if granted else 'no longer agrees'} to {topic}"
        details = {"customer_id": life.id_at(at), "topic": topic, "granted": granted}
        life.tell(at, ConsentChanged, words, **details)
    for _ in range(_some(life, 0, 2)):
        at = life.moments.some()
        life.do(Unsubscribes(at, life.id_at(at), life.mailbox))
        for topic in life.chance.sample(_TOPICS, life.chance.choice((0, 2, 3))):
            again = at + life.moments.between(1, 24 * 20)
            details = {"customer_id": life.id_at(at), "topic": topic, "granted": True, "since": at}
            life.tell(again, ConsentChanged, f"agrees to {topic} again", **details)


def _some(life: Life, least: int, most: int) -> int:
    """So many in a year; in less than a season at most one."""
    drawn = life.chance.randint(least, most)
    return drawn if life.span.end - life.span.start > _A_SEASON else min(1, drawn - least)


def _agreed(life: Life) -> Sequence[str]:
    return [topic for topic in _TOPICS if life.may(85)]


def _birthday(life: Life) -> str | None:
    if life.may(10):
        return None
    day = life.chance.choice([life.chance.choice(life.moments.odd_days), life.chance.choice(_days(life))])
    leap = "02-29" if life.may(12) else f"{day:%m-%d}"
    year = 2014 if life.may(8) and leap != "02-29" else life.chance.choice((1960, 1984, 1992, 2000))
    return f"--{leap}" if life.may(15) else f"{year}-{leap}"


def _another(life: Life, what: str, at: datetime) -> str | None:
    match what:
        case "email":
            return f"{life.mailbox.capitalize()}+{at:%m%d%H%M}@mail.example.org"
        case "name":
            return f"{life.mailbox.partition('-')[0].capitalize()} {life.chance.choice(('Silva', 'Okafor'))}"
        case "locale":
            return life.chance.choice(_LOCALES)
        case "time_zone":
            return life.chance.choice(HOMES)[0]
        case _:
            return _birthday(life)


def _comes_round(life: Life, month_and_day: str, hour: int) -> list[datetime]:
    """When that day's mail is to leave; of 29 February there is none in a common year, here."""
    days = [day for day in _days(life) if f"{day:%m-%d}" == month_and_day]
    return [local_instant(day, hour, life.moments.zone) for day in days]


def _days(life: Life) -> list[date]:
    return [life.span.start.date() + _DAY * n for n in range((life.span.end - life.span.start) // _DAY + 1)]


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
