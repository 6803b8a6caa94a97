"""The room's mails as `rishta mail preview` shows them: as usual, longest, least, and of several orders."""

from collections.abc import Mapping
from typing import Any

from engagement.wording import Counted
from review_requests.campaign import ReviewRequestSettings
from review_requests.composing import PRODUCTS_SHOWN, AskedProduct, ShownProduct, shown

CAMPAIGN = ReviewRequestSettings.campaign
# A link in a preview leads nowhere, and is as long as a real one.
_URL = f"https://a1b2c3d4e5.execute-api.ap-south-1.amazonaws.com/review?token=abcd.{'claims' * 23}.{'s' * 22}&lang=en"
_CUPS = (
    "https://shop.example.com/pictures/hand-thrown-cups-of-red-clay-from-the-potters-of-khurja-set-of-six.jpg"
)
_TIN = (
    "Organic hand-rolled Darjeeling second flush Muscatel FTGFOP1 from the upper fields, 250 g in a painted tin "
    "with a wooden spoon"
)


def _product(name: str, quantity: int = 1, image_url: str | None = None) -> ShownProduct:
    return shown(AskedProduct("order-1", name, name, quantity, image_url), _URL)


def _asked(*products: ShownProduct, others: int = 0, orders: int = 1, points: int = 20) -> dict[str, Any]:
    return {
        "products": products,
        "others": others,
        "orders": orders,
        "points": Counted("points", points) if points else None,
    }


_TEA, _CHAI = _product("Darjeeling first flush", 2), _product("अदरक-इलायची चाय")
_CUP = _product("Hand-thrown clay cups, set of six", image_url=_CUPS)
_KAHWA = _product("कश्मीरी केसर वाला कहवा, भुने बादाम के साथ", 1_000, _CUPS)
_MAILS = {
    "usual": _asked(_TEA, _CUP),
    "long": _asked(
        _product(_TIN, 12, _CUPS),
        _product("Donaudampfschifffahrtsgesellschaftskapitänsteetassenunterteller"),
        *(_KAHWA for _ in range(PRODUCTS_SHOWN - 2)),
        others=192,
        orders=5,
        points=1_000_000,
    )
    | {"name": "Thiruvengadam Subramaniam Venkataraghavan Chandrasekharan-Iyer"},
    "minimal": _asked(_product("T"), points=0) | {"name": "Jo"},
    "several-orders": _asked(_TEA, _CHAI, _CUP, orders=3),
    "right-to-left": _asked(_product("שתי כוסות 2", 3), _TEA),
}

SAMPLES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {"review_request": _MAILS, "review_reminder": _MAILS}
