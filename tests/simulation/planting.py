"""Mistakes as people make them, planted one at a time into the product's own code: does the simulation find each?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any
from unittest.mock import patch

from local_cloud.kept_imports import kept_imports
from local_cloud.template import REPOSITORY
from tests.simulation.engine import Story

_get_code: Any = SourceFileLoader.get_code


@dataclass(frozen=True)
class Mistake:
    """`written` stands in the place of `right` in a file of the product. In `story` it breaks `rule`, in the judges'
    words; of the story what is `about` one customer is enough, or all of it (""). Without it nothing is broken there.
    """

    what: str
    file: str
    right: str
    written: str
    rule: str
    story: Story
    about: str


@contextmanager
def planted(mistake: Mistake) -> Iterator[None]:
    """The functions that are loaded from now on have the mistake in them. Raises ValueError where the right words are
    not, or not just once, in the file."""
    path = str(REPOSITORY / mistake.file)
    source = (REPOSITORY / mistake.file).read_text("utf-8")
    if source.count(mistake.right) != 1:
        raise ValueError(
            f"{mistake.file} has {mistake.right!r} {source.count(mistake.right)} times, not once"
        )
    spoilt = compile(source.replace(mistake.right, mistake.written), path, "exec", dont_inherit=True)

    def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
        code: CodeType | None = spoilt if loader.path == path else _get_code(loader, name)
        return code

    kept_imports.cache_clear()
    with patch.object(SourceFileLoader, "get_code", get_code):
        yield
    kept_imports.cache_clear()


def _at(seed: int, year: int, month: int, day: int, *, days: int = 45, customers: int = 6) -> Story:
    return Story(seed, customers, datetime(year, month, day, tzinfo=UTC), timedelta(days=days))


MISTAKES = (
    Mistake(
        "points are booked under a key that each delivery of the message has anew",
        "functions/loyalty/loyalty/facts.py",
        'return f"{fact.order_id}:{EntryKind.PAID}"',
        'return f"{fact.order_id}:{EntryKind.PAID}:{__import__("uuid").uuid4().hex}"',
        "every booking of points is told, and nothing else is",
        _at(1, 2027, 12, 15),
        "asha",
    ),
    Mistake(
        "a review that is changed counts once more",
        "functions/reviews/reviews/rules.py",
        "for review, by in ((before, -1), (after, 1)):",
        "for review, by in ((after, 1),):",
        "a product's rating is what its published reviews say",
        _at(3, 2027, 10, 15, days=60, customers=12),
        "",
    ),
    Mistake(
        "consent is asked when the mail is written, and not when it leaves",
        "functions/mail_delivery/mail_delivery/rules.py",
        "    return known.contact.why_unwelcome(order.topic, now)\n",
        "    return None\n",
        "nobody is mailed without their consent",
        _at(1, 2027, 12, 15),
        "mira",
    ),
    Mistake(
        "the night is the server's, not the customer's",
        "functions/mail_delivery/mail_delivery/rules.py",
        "end_of_quiet_hours(rules.quiet_hours, ZoneInfo(profile.time_zone), now)",
        'end_of_quiet_hours(rules.quiet_hours, ZoneInfo("UTC"), now)',
        "nobody is mailed in their quiet hours",
        _at(1, 2027, 12, 15, days=25),
        "",
    ),
    Mistake(
        "an address that bounced is mailed again",
        "functions/mail_delivery/mail_delivery/delivery.py",
        'return Skip("suppressed") if self.lookup.is_suppressed(decision.address, now) else decision',
        "return decision",
        "no address is mailed after a bounce or a complaint",
        _at(1, 2027, 12, 15),
        "lena",
    ),
    Mistake(
        "of several refunds of an order one is booked",
        "functions/loyalty/loyalty/facts.py",
        'return f"{fact.order_id}:{EntryKind.REFUNDED}:{fact.refund_id}"',
        'return f"{fact.order_id}:{EntryKind.REFUNDED}"',
        "an order's points are what its facts are worth, told once or many times",
        _at(1, 2027, 10, 15, days=90),
        "ravi",
    ),
    Mistake(
        "a code that one order used is good for the next",
        "functions/offers/offers/rules.py",
        'return None if offer.redeemed_by == order_id else "already_redeemed"',
        "return None",
        "what became of an offer is told",
        _at(1, 2027, 10, 15, days=90, customers=12),
        "yusuf",
    ),
    Mistake(
        "due work is settled before it is done, and lost with its worker",
        "layers/engagement/engagement/due_work.py",
        "        try:\n            outcome = act(claimed)\n",
        "        self.settle(claimed)\n        try:\n            outcome = act(claimed)\n",
        "what became of an offer is told",
        _at(1, 2027, 12, 15),
        "lena",
    ),
    Mistake(
        "a line of the log says who the customer is",
        "functions/mail_delivery/mail_delivery/delivery.py",
        '    who = customer_ref(order.customer_id)\n    logger().info("mail",',
        '    who = order.customer_id\n    logger().info("mail",',
        "no line of the log says who somebody is",
        _at(1, 2027, 12, 15, days=25),
        "lena",
    ),
    Mistake(
        "the mails of the last days are not counted before the next one leaves",
        "functions/mail_delivery/mail_delivery/rules.py",
        "return at[-cap.mails] + cap.within if len(at) >= cap.mails else None",
        "return None",
        "nobody gets more than the cap allows",
        _at(1, 2027, 10, 15, days=25, customers=12),
        "",
    ),
)
