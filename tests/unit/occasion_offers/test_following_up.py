"""The reminder of an offer that was not used."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engagement.events.benefits import Benefit
from engagement.events.offers import OfferNearedExpiry
from engagement.mail_composer import MailComposer
from engagement.mail_log import Entry, MailLog, Status
from engagement.mail_orders import SendMail
from engagement.plan import PLAN_FILE, EngagementPlan, engagement_plan, read_plan
from engagement.profiles import Profile, Profiles
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.follow_up import FollowingUp
from occasion_offers.mailing import OccasionMails
from recording_queue import RecordingQueue
from shop_facts import NOW, a_profile


class ProfilesInMemory(Profiles):
    def __init__(self, *profiles: Profile) -> None:
        self._profiles = {profile.customer_id: profile for profile in profiles}

    def get(self, customer_id: str) -> Profile | None:
        return self._profiles.get(customer_id)


class LogInMemory(MailLog):
    """Knows the mails that brought the offers."""

    def __init__(self, status: Status | None) -> None:
        self._status = status

    def get(self, send_key: str) -> Entry | None:
        assert not send_key.endswith("follow_up")
        return Entry(self._status, changed_at=NOW) if self._status else None


def an_offer_that_nears_its_end(**changes: Any) -> OfferNearedExpiry:
    campaign = changes.get("campaign", "birthday_offer")
    known: dict[str, Any] = {
        "event_id": "offer-GNDTAKQ7WC-neared-expiry",
        "occurred_at": NOW,
        "customer_id": "cust-asha",
        "code": "GNDTAKQ7WC",
        "offer_key": f"{campaign}:cust-asha:2027",
        "campaign": campaign,
        "benefit": Benefit(percent=15),
        "expires_at": datetime(2027, 3, 15, 18, 30, tzinfo=UTC),
    }
    return OfferNearedExpiry.model_validate(known | changes)


def a_plan(old: str = "", new: str = "") -> EngagementPlan:
    text = PLAN_FILE.read_text(encoding="utf-8")
    assert old in text
    return read_plan(text.replace(old, new), source=PLAN_FILE.name)


def reminders(
    *facts: OfferNearedExpiry,
    plan: EngagementPlan | None = None,
    profile: Profile | None = None,
    first_mail: Status | None = Status.DELIVERED,
) -> list[SendMail]:
    """What lies on the queue after the facts."""
    plan, queue = plan or engagement_plan(), RecordingQueue()
    composer = MailComposer("occasion_offers", plan, (b"k" * 32,), "https://pages.example.com")
    following_up = FollowingUp(
        profiles=ProfilesInMemory(profile or a_profile()),
        log=LogInMemory(first_mail),
        mails=OccasionMails(composer, plan),
        mail_queue=queue,
        offers_table="offers-table",
        plan=plan,
        campaigns=plan.all_settings(OccasionOfferSettings),
    )
    for fact in facts:
        following_up.remind(fact)
    return [order for order in queue.messages if isinstance(order, SendMail)]


@pytest.mark.parametrize("campaign", engagement_plan().all_settings(OccasionOfferSettings))
def test_whoever_has_not_used_an_offer_that_ends_soon_is_reminded_with_the_code(campaign: str) -> None:
    (mail,) = reminders(an_offer_that_nears_its_end(campaign=campaign))
    assert (mail.campaign, mail.topic, mail.kind) == (campaign, "offers", "marketing")
    assert mail.send_key == f"{campaign}:cust-asha:2027:follow_up"
    assert mail.variant == "follow_up"
    assert "GNDTAKQ7WC" in mail.text


def test_told_twice_it_is_the_same_mail_under_the_same_key() -> None:
    first, second = reminders(an_offer_that_nears_its_end(), an_offer_that_nears_its_end())
    assert first == second


def test_it_leaves_only_while_the_offer_is_neither_used_nor_over() -> None:
    fact = an_offer_that_nears_its_end()
    (mail,) = reminders(fact)
    assert mail.useful_until == fact.expires_at
    (premise,) = mail.premises
    assert premise.table == "offers-table"
    assert premise.key == {"code": "GNDTAKQ7WC"}
    assert premise.still == {"code": "GNDTAKQ7WC", "redeemed_by": None}


def test_offers_of_campaigns_that_are_not_this_rooms_are_left_to_others() -> None:
    for campaign in ("cart_nudge", "one_that_left_the_plan"):
        assert reminders(an_offer_that_nears_its_end(campaign=campaign)) == []


def test_a_campaign_that_was_switched_off_reminds_nobody() -> None:
    plan = a_plan("  birthday_offer:\n", "  birthday_offer:\n    enabled: false\n")
    assert reminders(an_offer_that_nears_its_end(), plan=plan) == []


def test_a_campaign_that_does_not_remind_any_more_reminds_nobody() -> None:
    plan = a_plan("      follow_up: {days_before_end: 3}\n", "")
    assert reminders(an_offer_that_nears_its_end(), plan=plan) == []


def test_who_was_erased_meanwhile_is_not_reminded() -> None:
    assert reminders(an_offer_that_nears_its_end(), profile=a_profile("cust-bela")) == []


@pytest.mark.parametrize("status", [Status.SENT, Status.DELIVERED, Status.UNKNOWN])
def test_who_got_the_first_mail_is_reminded(status: Status) -> None:
    assert len(reminders(an_offer_that_nears_its_end(), first_mail=status)) == 1


@pytest.mark.parametrize(
    "status", [Status.SKIPPED, Status.CANCELLED, Status.BOUNCED, Status.COMPLAINED, None]
)
def test_who_never_heard_of_the_offer_is_not_reminded_of_it(status: Status | None) -> None:
    assert reminders(an_offer_that_nears_its_end(), first_mail=status) == []
