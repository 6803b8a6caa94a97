"""The room's mails as `rishta mail preview` shows them: the usual one, the longest, the least, and with an offer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.steps.composing import LINES_SHOWN, ShownLine
from engagement.events.benefits import Benefit
from engagement.money import Money
from engagement.offer_wording import offer_facts

CAMPAIGN = CartNudgeSettings.campaign
# A link in a preview leads nowhere.
_CART_URL = "https://preferences.example.com/cart?token=k.claims.signature&lang=en"
_CUPS = (
    "https://shop.example.com/pictures/hand-thrown-cups-of-red-clay-from-the-potters-of-khurja-set-of-six.jpg"
)
_TIN = (
    "Organic hand-rolled Darjeeling second flush Muscatel FTGFOP1 from the upper fields, in a painted tin with a "
    "wooden spoon"
)
_GIFT = {
    "en": "A hand-thrown Khurja teapot with a bamboo handle, a strainer and two cups of the same glaze",
    "hi": "बाँस के हत्थे और छन्नी वाली, हाथ से बनी खुर्जा की चायदानी और उसी रंग के दो कुल्हड़",
}


@dataclass(frozen=True)
class _SampleOffer:
    benefit: Benefit
    code: str = "GNDTAKQ7WC"
    expires_at: datetime = field(default=datetime(2027, 3, 9, 18, 30, tzinfo=UTC))


def _offer(code: str = "GNDTAKQ7WC", **benefit: Any) -> dict[str, Any]:
    return offer_facts(_SampleOffer(Benefit.model_validate(benefit), code), "Asia/Kolkata", "en")


def _paise(amount: int) -> Money:
    # Not checked: the longest is longer than any that comes in.
    return Money.model_construct(amount_minor=amount, currency="INR")


def _line(
    name: str, paise: int, quantity: int = 1, *, options: str = "", image_url: str | None = None
) -> ShownLine:
    return ShownLine(name, quantity, options, image_url, _paise(paise))


def _shown(*lines: ShownLine, others: int = 0, total: Money | None = None, **offer: Any) -> dict[str, Any]:
    known = {"lines": lines, "others": others, "total": total, "cart_url": _CART_URL}
    return known | (offer or {"benefit": "none"})


_LINES = (
    _line("Darjeeling first flush", 2_50_000, 2, options="Size: 250 g"),
    _line("अदरक-इलायची चाय", 45_050, options="पैक: 500 ग्राम"),
    _line("Hand-thrown clay cups, set of six", 89_900, image_url=_CUPS, options="Glaze: Blue · Edge: Plain"),
)
_USUAL = _shown(*_LINES, total=_paise(3_84_950))
_WITH_PERCENT = _shown(*_LINES, total=_paise(3_84_950), **_offer(percent=10))
_LONGEST_LINES = (
    _line(
        _TIN,
        12_00_000_00,
        12,
        image_url=_CUPS,
        options="Size: 250 g · Colour of the tin: Peacock blue with marigolds · Engraving: For my dearest grandmother",
    ),
    _line("Donaudampfschifffahrtsgesellschaftskapitänsteetassenunterteller", 99_999),
    *(
        _line("कश्मीरी केसर वाला कहवा, भुने बादाम के साथ", 1_23_45_678_00, 1_000, options="पैक: 500 ग्राम")
        for _ in range(LINES_SHOWN - 2)
    ),
)
_LONG = _shown(*_LONGEST_LINES, others=192, total=_paise(10**14 + 99)) | {
    "name": "Thiruvengadam Subramaniam Venkataraghavan Chandrasekharan-Iyer",
}
_LONGEST_OFFER = _offer("WWWWMMMWWW", gift={"product_id": "teapot", "name": _GIFT})
_MINIMAL = _shown(_line("T", 0)) | {"name": "Jo"}

_EARLY = {
    "usual": _USUAL,
    "long": _LONG | _LONGEST_OFFER,
    "minimal": _MINIMAL,
    "with-offer": _WITH_PERCENT,
}
SAMPLES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "cart_reminder": _EARLY,
    "cart_second_reminder": _EARLY,
    "cart_last_call": {
        "usual": _WITH_PERCENT,
        "long": _LONG | _LONGEST_OFFER,
        "minimal": _MINIMAL,
        "without-offer": _USUAL,
        "long-without-offer": _LONG,
        "amount": _shown(*_LINES, total=_paise(3_84_950), **_offer(amount=_paise(200_00).model_dump())),
        "points": _shown(*_LINES, total=_paise(3_84_950), **_offer(points=200)),
    },
}
