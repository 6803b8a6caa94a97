"""The room's mails as `rishta mail preview` shows them: the usual one, the longest and the least."""

from collections.abc import Mapping
from typing import Any

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.nudging import LINES_SHOWN
from engagement.events.base import Line
from engagement.money import Money

CAMPAIGN = CartNudgeSettings.campaign


def _line(name: str, paise: int, quantity: int = 1, image_url: str | None = None) -> Line:
    price = Money(amount_minor=paise, currency="INR")
    return Line(product_id="sample", name=name, quantity=quantity, unit_price=price, image_url=image_url)


_CUPS = (
    "https://shop.example.com/pictures/hand-thrown-cups-of-red-clay-from-the-potters-of-khurja-set-of-six.jpg"
)
_TIN = (
    "Organic hand-rolled Darjeeling second flush Muscatel FTGFOP1 from the upper fields, 250 g in a painted tin "
    "with a wooden spoon"
)

SAMPLES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "cart_nudge": {
        "usual": {
            "lines": (
                _line("Darjeeling first flush", 1_25_000, 2),
                _line("अदरक-इलायची चाय", 45_050),
                _line("Hand-thrown clay cups, set of six", 89_900, image_url=_CUPS),
            ),
            "others": 0,
            "total": Money(amount_minor=3_84_950, currency="INR"),
        },
        "long": {
            "name": "Thiruvengadam Subramaniam Venkataraghavan Chandrasekharan-Iyer",
            "lines": (
                _line(_TIN, 1_00_000_00, 12, image_url=_CUPS),
                _line("Donaudampfschifffahrtsgesellschaftskapitänsteetassenunterteller", 99_999),
                *(
                    _line("कश्मीरी केसर वाला कहवा, भुने बादाम के साथ", 1_23_45_678, 1_000)
                    for _ in range(LINES_SHOWN - 2)
                ),
            ),
            "others": 192,
            "total": Money(amount_minor=10**14 + 99, currency="INR"),
        },
        "minimal": {"lines": (_line("T", 0),), "others": 0, "total": None},
    }
}
