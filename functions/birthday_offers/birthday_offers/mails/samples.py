"""The room's mails as `rishta mail preview` shows them: the usual one, the longest and the least."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from birthday_offers.campaign import BirthdayOfferSettings
from engagement.wording import Percent

CAMPAIGN = BirthdayOfferSettings.campaign
_LAST_MOMENT = datetime(2027, 3, 15, 18, 29, 59, tzinfo=UTC)

SAMPLES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "birthday_offer": {
        "usual": {"code": "GNDTAKQ7WC", "percent": Percent(15), "last_moment": _LAST_MOMENT},
        "long": {
            "name": "Thiruvengadam Subramaniam Venkataraghavan Chandrasekharan-Iyer",
            "code": "WWWWMMMWWW",
            "percent": Percent(100),
            "last_moment": datetime(2027, 9, 30, 18, 29, 59, tzinfo=UTC),
        },
        "minimal": {"name": "Jo", "code": "1", "percent": Percent(1), "last_moment": _LAST_MOMENT},
    }
}
