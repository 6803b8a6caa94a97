"""The room's mails as `rishta mail preview` shows them: the usual one, the longest and the least."""

from collections.abc import Mapping
from typing import Any

from review_requests.asking import PRODUCTS_SHOWN
from review_requests.campaign import ReviewRequestSettings
from review_requests.rules import Product

CAMPAIGN = ReviewRequestSettings.campaign
_TIN = (
    "Organic hand-rolled Darjeeling second flush Muscatel FTGFOP1 from the upper fields, 250 g in a painted tin "
    "with a wooden spoon"
)

SAMPLES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "review_request": {
        "usual": {
            "products": (
                Product("p-1", "Darjeeling first flush", 2),
                Product("p-2", "अदरक-इलायची चाय", 1),
            ),
            "others": 0,
        },
        "long": {
            "name": "Thiruvengadam Subramaniam Venkataraghavan Chandrasekharan-Iyer",
            "products": (
                Product("p-1", _TIN, 12),
                Product("p-2", "Donaudampfschifffahrtsgesellschaftskapitänsteetassenunterteller", 1),
                *(
                    Product("p-3", "कश्मीरी केसर वाला कहवा, भुने बादाम के साथ", 1_000)
                    for _ in range(PRODUCTS_SHOWN - 2)
                ),
            ),
            "others": 192,
        },
        "minimal": {"products": (Product("p-1", "T", 1),), "others": 0},
    }
}
