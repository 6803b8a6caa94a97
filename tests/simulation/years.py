"""A seed's year, as `make simulate` and the tests play it: its happenings and all judges."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.simulation.engine import START, YEAR, Ending, Story, play
from tests.simulation.happening import Happening
from tests.simulation.judges.books_judge import BooksJudge
from tests.simulation.judges.mails_judge import MailsJudge
from tests.simulation.record import Judge
from tests.simulation.shortening import Shortening
from tests.simulation.year import happenings_of


def judges() -> list[Judge]:
    return [MailsJudge(), BooksJudge()]


def play_year(
    seed: int,
    *,
    customers: int = 12,
    start: datetime = START,
    length: timedelta = YEAR,
    on_day: Callable[[datetime], None] = lambda _: None,
) -> Ending:
    story = Story(seed, customers, start, length)
    return play(story, _happenings(story), judges(), on_day=on_day)


def play_year_of(story: Story, customer_id: str) -> Ending:
    """The same year as if the shop had this customer alone; with all, if it is empty."""
    happenings = _happenings(story)
    others = [
        n for n, each in enumerate(happenings) if customer_id and each.customer_id not in (customer_id, "")
    ]
    return play(replace(story, left_out=frozenset(others)), happenings, judges())


def shortest(
    ending: Ending, *, seconds: float = 600, on_shorter: Callable[[Ending], None] = lambda _: None
) -> Ending:
    happenings = _happenings(ending.story)
    about = [each.customer_id for each in happenings]
    shortening = Shortening(
        lambda story: play(story, happenings, judges()), about, seconds=seconds, on_shorter=on_shorter
    )
    return shortening.shortest(ending)


def _happenings(story: Story) -> Sequence[Happening]:
    return happenings_of(story.seed, customers=story.customers, start=story.start, length=story.length)
