"""The mails, as the customer reads them: every kind of benefit in every language."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from engagement.events.base import Text
from engagement.events.benefits import Benefit
from engagement.events.customers import Locale
from engagement.mail_composer import MailComposer
from engagement.mail_orders import Premise, SendMail
from engagement.offers import Offer
from engagement.plan import engagement_plan
from occasion_offers.campaign import Mail, OccasionOfferSettings
from occasion_offers.mailing import OccasionMails
from rishta_cli.mails.building import mail_sources
from shop_facts import a_profile, rupees

PLAN = engagement_plan()
CAMPAIGNS = PLAN.all_settings(OccasionOfferSettings)
MAILS = OccasionMails(
    MailComposer(
        "occasion_offers", PLAN, (b"a key of the tests, 32 bytes long",), "https://pages.example.com"
    ),
    PLAN,
)
NINE_IN_KOLKATA = datetime(2027, 3, 1, 3, 30, tzinfo=UTC)
TEAPOT = {"product_id": "teapot", "name": {"en": "A small teapot", "hi": "एक छोटी चायदानी"}}
AN_OFFER = Offer(
    code="GNDTAKQ7WC",
    offer_key="birthday_offer:cust-asha:2027",
    campaign="birthday_offer",
    customer_id="cust-asha",
    benefit=Benefit(percent=15),
    issued_at=NINE_IN_KOLKATA,
    expires_at=datetime(2027, 3, 15, 18, 30, tzinfo=UTC),  # midnight in Kolkata
)
names = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=200)
    .map(str.strip)
    .filter(bool)
)
locales = st.from_regex(r"\A(en|hi|ta|fil)(-[A-Z][a-z]{3})?(-[A-Z]{2})?\Z")


def an_offer(**benefit: Any) -> Offer:
    return replace(AN_OFFER, benefit=Benefit.model_validate(benefit))


def the_mail(
    mail: str = "birthday_offer",
    offer: Offer = AN_OFFER,
    *,
    years: int | None = None,
    days_before: int = 0,
    at_most_late: timedelta = timedelta(hours=11),
    **profile: Any,
) -> SendMail:
    changes = {"mail": mail, "days_before": days_before, "at_most_late": at_most_late}
    return MAILS.occasion(
        a_profile(**profile),
        offer,
        campaign="birthday_offer",
        settings=CAMPAIGNS["birthday_offer"].model_copy(update=changes),
        years=years,
        send_key=AN_OFFER.offer_key,
        useful_until=NINE_IN_KOLKATA + at_most_late,
    )


def the_follow_up(offer: Offer = AN_OFFER, **profile: Any) -> SendMail:
    return MAILS.follow_up(
        a_profile(**profile),
        offer,
        campaign="birthday_offer",
        send_key=f"{AN_OFFER.offer_key}:follow_up",
        premise=Premise(table="offers", key={"code": offer.code}, still={"redeemed_by": None}),
    )


@pytest.mark.parametrize(
    ("locale", "subject", "said"),
    [
        (
            "en-IN",
            "Happy birthday, Asha! A gift from Chai & Co",
            ("15% off", "Good until the end of 15 March 2027"),
        ),
        (
            "hi-IN",
            "Asha, जन्मदिन मुबारक हो! Chai & Co की ओर से एक तोहफ़ा",
            ("15% की छूट", "15 मार्च 2027 के अंत तक मान्य"),
        ),
    ],
)
def test_the_mail_wishes_and_names_code_percentage_and_last_day(
    locale: str, subject: str, said: tuple[str, ...]
) -> None:
    mail = the_mail(locale=locale)
    assert mail.subject == subject
    for body in (mail.html, mail.text):
        for words in (*said, "GNDTAKQ7WC", "https://shop.example.com"):
            assert words in body


@pytest.mark.parametrize("mail", [*get_args(Mail.__value__), "offer_follow_up"])
@pytest.mark.parametrize(
    ("benefit", "said"),
    [
        ({"percent": 15}, {"en-IN": "15% off", "hi-IN": "15% की छूट"}),
        ({"amount": rupees(100_000)}, {"en-IN": "₹1,00,000 off", "hi-IN": "₹1,00,000 की छूट"}),
        ({"gift": TEAPOT}, {"en-IN": "your gift is added to the order", "hi-IN": "एक छोटी चायदानी"}),
        ({"points": 200}, {"en-IN": "we add 200 points to your account", "hi-IN": "200 पॉइंट"}),
    ],
    ids=["percent", "amount", "gift", "points"],
)
def test_every_mail_tells_every_kind_of_benefit_in_every_language(
    mail: str, benefit: dict[str, Any], said: dict[str, str]
) -> None:
    offer = an_offer(**benefit)
    for locale, words in said.items():
        if mail == "offer_follow_up":
            composed = the_follow_up(offer, locale=locale)
        else:
            composed = the_mail(mail, offer, years=3, locale=locale)
        assert words in composed.html
        assert words in composed.text
        assert "GNDTAKQ7WC" in composed.text


def test_the_plan_can_name_every_mail_that_there_is_for_an_occasion_and_no_other() -> None:
    written = {source.mail for source in mail_sources() if source.room == "occasion_offers"}
    assert written - {"offer_follow_up"} == set(get_args(Mail.__value__))


@pytest.mark.parametrize(
    ("years", "locale", "subject"),
    [
        (2, "en-IN", "2 years together, Asha. Thank you!"),
        (1, "en-IN", "1 year together, Asha. Thank you!"),
        (2, "hi-IN", "Asha, 2 साल का साथ – आपका शुक्रिया!"),
    ],
)
def test_an_anniversary_counts_the_years(years: int, locale: str, subject: str) -> None:
    assert the_mail("anniversary_offer", years=years, locale=locale).subject == subject


@pytest.mark.parametrize(
    ("mail", "locale", "today"),
    [
        ("birthday_offer", "en-IN", "Today is all yours"),
        ("birthday_offer", "hi-IN", "आज का दिन आपका है"),
        ("first_anniversary_offer", "en-IN", "A year ago today you joined us"),
        ("first_anniversary_offer", "hi-IN", "आज ही के दिन"),
        ("anniversary_offer", "en-IN", "on this very day"),
        ("anniversary_offer", "hi-IN", "आज ही के दिन"),
        ("occasion_offer", "en-IN", "Today is a special day of yours"),
        ("occasion_offer", "hi-IN", "आज आपका एक ख़ास दिन है"),
    ],
)
def test_a_mail_says_today_only_if_it_can_leave_on_no_other_day(mail: str, locale: str, today: str) -> None:
    told: dict[str, Any] = {"years": 3, "locale": locale}
    on_the_day = the_mail(mail, **told)
    until_midnight = the_mail(mail, at_most_late=timedelta(hours=15), **told)
    perhaps_the_day_after = the_mail(mail, at_most_late=timedelta(hours=15, minutes=1), **told)
    days_before = the_mail(mail, days_before=3, **told)
    perhaps_on_the_day = the_mail(mail, days_before=1, at_most_late=timedelta(hours=24), **told)
    assert today in on_the_day.text
    assert today in until_midnight.text
    for each in (perhaps_the_day_after, days_before, perhaps_on_the_day):
        assert not re.search(r"(?i)today|very day|आज", each.subject + each.html)
    assert days_before.subject != on_the_day.subject
    assert perhaps_on_the_day.text == perhaps_the_day_after.text


def test_which_day_it_is_the_customers_own_calendar_says() -> None:
    """Nine in Kolkata is half past four in Auckland; eleven hours later the day is over there, and not in Kolkata."""
    assert "Today" in the_mail(time_zone="Asia/Kolkata").text
    assert "Today" not in the_mail(time_zone="Pacific/Auckland").text


def test_no_mail_for_an_occasion_but_the_birthdays_own_says_birthday() -> None:
    for mail in ("occasion_offer", "first_anniversary_offer", "anniversary_offer"):
        for locale in ("en-IN", "hi-IN"):
            composed = the_mail(mail, years=3, locale=locale)
            assert not re.search(r"(?i)birthday(?!_offer)|जन्मदिन", composed.subject + composed.text)


def test_the_reminder_names_the_last_day_and_is_of_no_use_after_it() -> None:
    mail = the_follow_up()
    assert mail.subject == "Asha, 15% off until 15 March 2027"
    assert mail.useful_until == AN_OFFER.expires_at
    assert (mail.send_key, mail.variant) == ("birthday_offer:cust-asha:2027:follow_up", "follow_up")
    assert "utm_content=follow_up" in mail.text


def test_the_code_can_be_copied_at_a_touch_and_reads_from_left_to_right_in_every_language() -> None:
    code = re.search(r'<div class="code[^"]*" dir="ltr" style="([^"]*)">GNDTAKQ7WC</div>', the_mail().html)
    assert code
    assert "user-select:all" in code[1]
    assert "white-space:nowrap" in code[1]


def test_neither_a_name_nor_a_gift_can_write_html() -> None:
    gift = {"product_id": "teapot", "name": {"en": "<b>Tea</b> {code}"}}
    mail = the_mail(offer=an_offer(gift=gift), name="<img src=x>{code}")
    assert "<img" not in mail.html
    assert "<b>" not in mail.html
    assert "Happy birthday, <img src=x>{code}!" in mail.text
    assert "<b>Tea</b> {code}" in mail.text


@given(names, locales)
def test_no_customer_has_a_name_or_locale_that_keeps_their_mail_from_them(name: str, locale: str) -> None:
    TypeAdapter(Locale).validate_python(locale)
    mail = the_mail(name=TypeAdapter(Text).validate_python(name), locale=locale)
    assert "GNDTAKQ7WC" in mail.text


@pytest.mark.parametrize(
    ("time_zone", "last_day"),
    [("Asia/Kolkata", "15 March"), ("Pacific/Auckland", "15 March"), ("America/New_York", "14 March")],
)
def test_who_moved_since_the_issue_is_promised_no_hour_too_many(time_zone: str, last_day: str) -> None:
    """The code ends at Kolkata's midnight: in Auckland in the morning of the 16th, in New York at noon of the 15th."""
    assert f"until the end of {last_day} 2027" in the_mail(time_zone=time_zone).text
