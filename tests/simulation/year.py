"""A shop's year: whatever its customers do in it, drawn from one seed.

Each customer has chances of their own: in a story with more customers, or without somebody, all others do the same.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.simulation.happening import Happening
from tests.simulation.year_carts import a_cart
from tests.simulation.year_deeds import AsksTheTill, Reads, Troubles
from tests.simulation.year_goods import Catalogue
from tests.simulation.year_life import Life
from tests.simulation.year_moments import Span
from tests.simulation.year_orders import a_burst, a_gift_used, an_order
from tests.simulation.year_people import a_life

# How many deeds there are in a year of one customer's, about; in a shorter time there are fewer, but some.
_IN_A_YEAR, _AT_LEAST = 30, 12
_YEAR = timedelta(days=366)


def happenings_of(
    seed: int,
    *,
    customers: int,
    start: datetime,
    length: timedelta,
    each: int = _IN_A_YEAR,
) -> tuple[Happening, ...]:
    """In the order of their moments (UTC), from `start` until before `start + length`. `each`: how many happenings a
    customer has in a year, about. The same arguments give the same happenings.
    """
    span = Span(start, start + length)
    catalogue = Catalogue(seed, span)
    deeds: list[Happening] = list(catalogue.told)
    number_of_deeds = max(_AT_LEAST, round(each * (length / _YEAR)))
    lives: list[Life] = []
    for number in range(customers):
        lives.append(a_life(seed, number, span, catalogue, tuple(lives)))
        deeds += _lived(lives[-1], number_of_deeds)
    return tuple(sorted(deeds, key=lambda deed: (deed.at, deed.customer_id, str(deed))))


def _lived(life: Life, number_of_deeds: int) -> list[Happening]:
    goal = round(number_of_deeds * life.chance.uniform(0.7, 1.3))
    for _ in range(number_of_deeds):
        if len(life.deeds) >= goal:
            break
        at = life.moments.some()
        if life.is_there(at):
            life.chance.choices(*_CHAPTERS)[0](life, at)
    return list(life.deeds)


def _reads(life: Life, at: datetime) -> None:
    life.do(Reads(at, life.id_at(at), life.mailbox, life.may(50), life.chance.randrange(20)))


def _troubles(life: Life, at: datetime) -> None:
    """Whoever complains, or has no mailbox any more, gets no mail: that is not for many."""
    kind = life.chance.choice(("Permanent", "Complaint")) if life.may(40) else "Transient"
    for _ in range(3 if kind == "Transient" and life.may(40) else 1):
        life.do(Troubles(at, life.id_at(at), life.mailbox, kind))
        at += life.moments.between(1, 24 * 9)


def _spends(life: Life, at: datetime) -> None:
    """Points, at the checkout of an order that we do not hear of: two checkouts at the same time, perhaps."""
    for _ in range(life.chance.choice((1, 1, 2))):
        till, share = life.new("checkout"), life.chance.choice((25, 60, 100))
        who = (life.id_at(at), life.mailbox)
        life.do(AsksTheTill(at, *who, "reserve", till, share))
        if life.may(85):
            page = "release" if life.may(25) else "commit"
            # Points are held for half an hour.
            after = life.moments.around(life.chance.choice((0.1, 0.25, 0.5)))
            life.do(AsksTheTill(at + after, *who, page, till), since=at)
        at += life.moments.between(0.001, 0.1)


_CHAPTERS: tuple[tuple[Callable[[Life, datetime], None], ...], tuple[int, ...]] = (
    (a_cart, an_order, a_burst, a_gift_used, _reads, _troubles, _spends),
    (30, 21, 4, 13, 18, 9, 10),
)
