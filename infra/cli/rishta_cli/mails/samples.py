"""Every mail that there is, filled with the samples that its room brings in `mails/samples.py`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.plan import EngagementPlan
from engagement.profiles import Profile
from engagement.wording import languages
from rishta_cli.mails.building import mail_sources
from rishta_cli.project import import_from_room

_KEYS = (b"links in a preview lead nowhere",)
_PREFERENCES_URL = "https://preferences.example.com"
_USEFUL_UNTIL = datetime(2027, 3, 2, tzinfo=UTC)
_NAMES = {"hi": "आशा"}


@dataclass(frozen=True)
class Sample:
    """A mail's sample: `usual`, `long`, `minimal`, or what else its room wants to be looked at."""

    room: str
    mail: str
    label: str
    campaign: str
    facts: Mapping[str, Any]

    def composed(self, plan: EngagementPlan, language: str) -> SendMail:
        """The mail as a customer in India who reads this language gets it."""
        facts = {**self.facts}
        profile = Profile(
            customer_id="cust-asha",
            email="asha@mail.example.com",
            name=facts.pop("name", None) or _NAMES.get(language, "Asha"),
            locale=f"{language}-IN",
            time_zone="Asia/Kolkata",
        )
        return MailComposer(self.room, plan, _KEYS, _PREFERENCES_URL).compose(
            self.mail,
            profile,
            send_key=f"{self.campaign}:sample:{self.label}",
            campaign=self.campaign,
            useful_until=_USEFUL_UNTIL,
            **facts,
        )


def samples() -> Iterator[Sample]:
    """All samples of all mails of all rooms."""
    for source in mail_sources():
        module = import_from_room(source.room, "mails.samples")
        if module is not None:
            for label, facts in module.SAMPLES.get(source.mail, {}).items():
                yield Sample(source.room, source.mail, label, module.CAMPAIGN, facts)


def spoken_languages() -> list[str]:
    return sorted(languages())
