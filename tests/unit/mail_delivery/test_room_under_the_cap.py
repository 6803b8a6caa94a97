"""When a mail that may wait for room under the frequency cap has it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engagement.contacts import Contact, RecentMail
from engagement.plan import engagement_plan
from engagement.plan_sections import FrequencyCap, QuietHours
from mail_delivery.rules import Circumstances, Decision, Hold, Send, Skip, decide, others_lately, room_from
from mail_facts import SEND_KEY, a_mail
from shop_facts import NOW, a_profile, hours

DAY, SECOND, MICROSECOND = timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)
# NOW is 17:30 in Kolkata.
RULES = engagement_plan().delivery.model_copy(
    update={
        "frequency_cap": FrequencyCap.model_validate({"mails": 2, "within": "7d"}),
        "quiet_hours": QuietHours(from_hour=21, to_hour=8),
    }
)
NIGHT, MORNING = NOW + hours(4), NOW + hours(14.5)


def others(at: Iterable[datetime]) -> tuple[RecentMail, ...]:
    return tuple(RecentMail(f"birthday_offer:cust-asha:{number}", each) for number, each in enumerate(at))


def decided(recent: tuple[RecentMail, ...], now: datetime = NOW, **mail: Any) -> Decision:
    contact = Contact("cust-asha", granted={"reminders": True}, recent=recent)
    known = Circumstances(a_profile(), contact, True, campaign_paused=False, premise_holds=True)
    return decide(a_mail(**{"over_the_cap": "wait", **mail}), known, RULES, now)


def test_it_waits_until_enough_of_the_others_have_left_the_span_if_it_is_of_use_then() -> None:
    crowded = others([NOW - DAY, NOW - 3 * DAY, NOW - 2 * DAY])  # two of the three have to leave
    room = NOW + 5 * DAY
    assert decided(crowded, useful_until=room) == Hold(room, "frequency_cap")
    assert decided(crowded, useful_until=room, now=room) == Send("cust-asha@mail.example.com")
    assert decided(crowded, useful_until=room - SECOND) == Skip("frequency_cap")
    assert isinstance(decided(crowded, kind="transactional"), Send)


def test_its_own_place_from_a_try_that_ses_throttled_is_not_waited_for() -> None:
    recent = (*others([NOW - DAY]), RecentMail(SEND_KEY, NOW))
    assert isinstance(decided(recent), Send)


def test_in_the_night_it_waits_for_the_later_of_morning_and_room() -> None:
    for room, until, reason in (
        (MORNING + hours(2), MORNING + hours(2), "frequency_cap"),
        (NIGHT + hours(2), MORNING, "quiet_hours"),
    ):
        recent = others([room - 7 * DAY, NOW])
        assert decided(recent, now=NIGHT) == Hold(until, reason)


def test_a_mail_that_one_of_both_cannot_wait_for_is_skipped_for_it() -> None:
    recent = others([NIGHT + hours(2) - 7 * DAY, NOW])
    assert decided(recent, now=NIGHT, in_quiet_hours="skip") == Skip("quiet_hours")
    assert decided(recent, now=NIGHT, over_the_cap="skip") == Skip("frequency_cap")


@given(
    ago=st.lists(st.timedeltas(timedelta(0), 8 * DAY), max_size=12),
    mails=st.integers(1, 5),
)
def test_the_instant_that_it_waits_for_is_the_first_at_which_there_is_room(
    ago: list[timedelta], mails: int
) -> None:
    cap = FrequencyCap.model_validate({"mails": mails, "within": "7d"})
    recent = others(NOW - each for each in ago)

    def has_room(at: datetime) -> bool:
        return len(others_lately(recent, SEND_KEY, cap, at)) < cap.mails

    room = room_from(others_lately(recent, SEND_KEY, cap, NOW), cap)
    if room is None:
        assert has_room(NOW)
    else:
        assert has_room(room)
        assert not has_room(room - MICROSECOND)
        assert room > NOW
