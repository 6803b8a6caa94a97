"""The room's mails as `rishta mail preview` shows them: as usual, longest, least, and the other kinds."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engagement.wording import Counted, Translated
from loyalty.composing import GoodUntil, month_name, times_of
from loyalty.entries import Movement
from loyalty.terms import EXPIRING, LOWERED, REACHED, STATEMENT

CAMPAIGN = STATEMENT
_NAME = "Thiruvengadam Subramaniam Venkataraghavan Chandrasekharan-Iyer"
# A link in a preview leads nowhere, and is as long as a real one.
_URL = {
    "points_url": "https://a1b2c3d4e5.execute-api.ap-south-1.amazonaws.com/points?token="
    f"abcd.{'claims' * 23}.{'s' * 22}&lang=en"
}
_MARCH = datetime(2027, 3, 31, 6, 30, tzinfo=UTC)
_MOST = 10**12

_BRONZE = Translated({"en": "Bronze", "hi": "कांस्य"}, "en")
_SILVER = Translated({"en": "Silver", "hi": "रजत"}, "en")
_GOLD = Translated({"en": "Gold", "hi": "स्वर्ण"}, "en")
_LONGEST = Translated(
    {"en": "Grand Patron of the Upper Gardens of Darjeeling", "hi": "दार्जिलिंग के ऊपरी बाग़ानों के महासंरक्षक"}, "en"
)
_BENEFITS = (
    Translated({"en": "20% off on your birthday", "hi": "आपके जन्मदिन पर 20% की छूट"}, "en"),
    Translated(
        {
            "en": "New harvests a day before everybody else",
            "hi": "नई फ़सल की चाय बाक़ी सब से एक दिन पहले",
        },
        "en",
    ),
)


def _expiring(points: int, *later: int, balance: int) -> dict[str, Any]:
    ending = [
        GoodUntil(Counted("points", each), _MARCH + timedelta(days=day)) for day, each in enumerate(later, 1)
    ]
    return {
        **_URL,
        "points": Counted("points", points),
        "last_day": _MARCH,
        "later": tuple(ending),
        "balance": Counted("points", balance),
    }


def _progress(
    tier: Translated, next_tier: Translated | None = None, missing: int = 0, percent: int = 0
) -> dict[str, Any]:
    left = Counted("points", missing) if next_tier else None
    return {**_URL, "tier": tier, "next_tier": next_tier, "missing": left, "percent": percent}


def _statement(
    moved: Mapping[Movement, int], balance: int, *, pending: int = 0, next_points: int = 0
) -> dict[str, Any]:
    return {
        "month": month_name(date(2027, 3, 1)),
        **{str(movement): moved.get(movement, 0) for movement in Movement},
        "balance": Counted("points", balance),
        "pending": Counted("points", pending) if pending else None,
        "next_points": Counted("points", next_points) if next_points else None,
        "next_day": _MARCH if next_points else None,
    }


_TO_GOLD = _progress(_SILVER, _GOLD, 1_240, 38)
_AS_BEFORE = {"benefits": (), "times": None}
SAMPLES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    EXPIRING: {
        "usual": _expiring(350, balance=1_240),
        "long": {**_expiring(_MOST, *((_MOST,) * 6), balance=_MOST * 7), "name": _NAME},
        "minimal": {**_expiring(1, balance=1), "name": "Jo"},
        "several-days": _expiring(350, 20, 1, balance=1_240),
    },
    REACHED: {
        "usual": {"benefits": _BENEFITS, "times": times_of(125), **_TO_GOLD},
        "long": {
            "benefits": _BENEFITS * 5,
            "times": times_of(1_000),
            **_progress(_LONGEST, _LONGEST, _MOST, 99),
            "name": _NAME,
        },
        "minimal": {**_AS_BEFORE, **_progress(_BRONZE), "name": "Jo"},
        "highest": {"benefits": _BENEFITS, "times": times_of(150), **_progress(_GOLD)},
    },
    LOWERED: {
        "usual": {**_AS_BEFORE, **_progress(_BRONZE, _SILVER, 160, 68)},
        "long": {
            "benefits": _BENEFITS * 5,
            "times": times_of(1_000),
            **_progress(_LONGEST, _LONGEST, _MOST),
            "name": _NAME,
        },
        "minimal": {**_AS_BEFORE, **_progress(_BRONZE, _SILVER, 1, 99), "name": "Jo"},
        "with-benefits": {"benefits": _BENEFITS, "times": times_of(125), **_TO_GOLD},
    },
    STATEMENT: {
        "usual": {
            **_statement({Movement.EARNED: 260, Movement.REDEEMED: -150}, 1_240, pending=80, next_points=350),
            **_TO_GOLD,
        },
        "long": {
            **_statement(
                {
                    each: _MOST if each in (Movement.EARNED, Movement.GIVEN_BACK) else -_MOST
                    for each in Movement
                },
                _MOST,
                pending=_MOST,
                next_points=_MOST,
            ),
            **_progress(_LONGEST, _LONGEST, _MOST, 99),
            "name": _NAME,
        },
        "minimal": {**_statement({Movement.TAKEN_BACK: -1}, 0), **_progress(_GOLD), "name": "Jo"},
        "below-zero": {**_statement({Movement.TAKEN_BACK: -80}, -30), **_progress(_BRONZE, _SILVER, 500)},
    },
}
