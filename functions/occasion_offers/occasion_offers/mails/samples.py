"""The room's mails as `rishta mail preview` shows them: the usual one, the longest, the least, and the other kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engagement.events.benefits import Benefit
from engagement.offer_wording import offer_facts
from engagement.wording import Counted

CAMPAIGN = "birthday_offer"
_NAME = "Thiruvengadam Subramaniam Venkataraghavan Chandrasekharan-Iyer"
_GIFT = {
    "en": "A hand-thrown Khurja teapot with a bamboo handle, a strainer and two cups of the same glaze",
    "hi": "बाँस के हत्थे और छन्नी वाली, हाथ से बनी खुर्जा की चायदानी और उसी रंग के दो कुल्हड़",
}


@dataclass(frozen=True)
class _SampleOffer:
    benefit: Benefit
    code: str = "GNDTAKQ7WC"
    expires_at: datetime = field(default=datetime(2027, 3, 15, 18, 30, tzinfo=UTC))


def _offer(code: str = "GNDTAKQ7WC", **benefit: Any) -> dict[str, Any]:
    return offer_facts(_SampleOffer(Benefit.model_validate(benefit), code), "Asia/Kolkata", "en")


def _rupees(rupees: int) -> dict[str, Any]:
    return {"amount_minor": rupees * 100, "currency": "INR"}


_LONG = {
    "name": _NAME,
    "day": "around",
    **_offer("WWWWMMMWWW", gift={"product_id": "teapot", "name": _GIFT}),
}
_MINIMAL = {"name": "Jo", "day": "around", **_offer("C7ACTC7JAC", percent=1)}
_TEAPOT = {"product_id": "teapot-small", "name": {"en": "A small teapot", "hi": "एक छोटी चायदानी"}}

SAMPLES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "birthday_offer": {
        "usual": {"day": "today", **_offer(percent=15)},
        "long": _LONG,
        "minimal": _MINIMAL,
        "amount": {"day": "today", **_offer(amount=_rupees(1_00_000))},
        "gift": {"day": "today", **_offer(gift=_TEAPOT)},
        "points": {"day": "today", **_offer(points=200)},
        "ahead": {"day": "ahead", **_offer(percent=15)},
    },
    "first_anniversary_offer": {
        "usual": {"day": "today", **_offer(amount=_rupees(200))},
        "long": _LONG,
        "minimal": _MINIMAL,
        "ahead": {"day": "ahead", **_offer(amount=_rupees(200))},
    },
    "anniversary_offer": {
        "usual": {"day": "today", "years": Counted("years", 3), **_offer(points=200)},
        "long": {**_LONG, "years": Counted("years", 125)},
        "minimal": {**_MINIMAL, "years": Counted("years", 1)},
        "ahead": {"day": "ahead", "years": Counted("years", 10), **_offer(points=200)},
    },
    "occasion_offer": {
        "usual": {"day": "today", **_offer(percent=15)},
        "long": _LONG,
        "minimal": _MINIMAL,
        "ahead": {"day": "ahead", **_offer(gift=_TEAPOT)},
    },
    "offer_follow_up": {
        "usual": _offer(percent=15),
        "long": {"name": _NAME, **_offer("WWWWMMMWWW", gift={"product_id": "teapot", "name": _GIFT})},
        "minimal": {"name": "Jo", **_offer("C7ACTC7JAC", points=1)},
    },
}
