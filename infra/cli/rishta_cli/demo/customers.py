"""Who the story is about, and when it happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

# A Saturday evening (UTC) before 28 February 2027, a common year: those born on 29 February celebrate as well.
START = datetime(2027, 2, 27, 18, 0, tzinfo=UTC)
END = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)

ALL = frozenset({"offers", "reminders", "reviews", "loyalty"})


# Of SES's mailbox simulator: whatever is sent there bounces for good.
BOUNCING = "bounce+priya@simulator.amazonses.com"


def _customer(customer_id: str, name: str, locale: str, time_zone: str, **more: Any) -> dict[str, Any]:
    """`joined` is when they registered; the shop tells all of it as the story begins."""
    known = {
        "email": f"{customer_id}@mail.example.com",
        "consents": ALL,
        "joined": START - timedelta(days=200),
    }
    return known | {"customer_id": customer_id, "name": name, "locale": locale, "time_zone": time_zone} | more


# Customers in six zones, reading two languages; Lena's German is not spoken yet, so she reads the shop's English.
CUSTOMERS: tuple[dict[str, Any], ...] = (
    _customer("asha", "Asha Rao", "en-IN", "Asia/Kolkata", birthday="1991-02-28"),
    _customer("vikram", "विक्रम सिंह", "hi-IN", "Asia/Kolkata", birthday="--02-29"),
    _customer("emma", "Emma Stone", "en-US", "America/New_York", birthday="1984-02-28"),
    _customer("kenji", "Kenji Mori", "en-US", "Asia/Tokyo"),
    _customer("priya", "प्रिया शर्मा", "hi-IN", "Asia/Kolkata", birthday="1995-02-28", email=BOUNCING),
    _customer("tom", "Tom O'Neill", "en-GB", "Europe/London"),
    _customer(
        "lena",
        "Lena <Müller>",
        "de-DE",
        "Europe/Berlin",
        birthday="2000-02-28",
        consents=frozenset({"reviews"}),
    ),
    _customer("bina", "बीना थापा", "hi-IN", "Asia/Kathmandu"),
    # He tells of his birthday on its eve: that earns nothing this year.
    _customer("omar", "Omar Said", "en-GB", "Europe/London", birthday="1988-02-28", joined=START),
    _customer("nila", "निला राव", "hi-IN", "Asia/Kolkata", birthday="2016-02-28"),
    # On 28 February they have been here for one year, and for three.
    _customer("mira", "Mira Pillai", "en-IN", "Asia/Kolkata", joined=datetime(2026, 2, 28, 6, 0, tzinfo=UTC)),
    _customer("arjun", "अर्जुन मेहता", "hi-IN", "Asia/Kolkata", joined=datetime(2024, 2, 28, 6, 0, tzinfo=UTC)),
    _customer("dev", "Dev Nair", "en-IN", "Asia/Kolkata"),
)
