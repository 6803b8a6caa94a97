"""Whether a mail may leave, now or later, and what its send key's past means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from engagement.birthdays import is_younger_than
from engagement.contacts import Contact, RecentMail
from engagement.mail_log import Entry, Status
from engagement.mail_orders import SendMail
from engagement.plan_sections import Delivery, FrequencyCap
from engagement.profiles import Profile
from mail_delivery.quiet_hours import end_of_quiet_hours


@dataclass(frozen=True)
class Send:
    """The mail leaves, to this address."""

    address: str


@dataclass(frozen=True)
class Skip:
    """The mail never leaves, for a reason of one word."""

    reason: str


@dataclass(frozen=True)
class Hold:
    """The mail waits, at least until then (UTC), for a reason of one word; then all is asked again."""

    until: datetime
    reason: str


@dataclass(frozen=True)
class Leave:
    """Nothing is decided: the mail is outdated, and its capability hands another over under the same send key."""


type Decision = Send | Skip | Hold | Leave


@dataclass(frozen=True)
class Circumstances:
    """All that decides about a mail besides itself, as known now.

    `campaign_enabled` is None for a campaign that our plan does not have. `premise_holds`: what the mail was written
    upon is still so.
    """

    profile: Profile | None
    contact: Contact
    campaign_enabled: bool | None
    campaign_paused: bool
    premise_holds: bool


def decide(order: SendMail, known: Circumstances, rules: Delivery, now: datetime) -> Decision:
    """A mail leaves while it is useful and true, if its campaign runs, to a customer whose mailbox takes mail.

    Marketing needs consent to its topic besides, respects a pause, and keeps to the frequency cap and to the quiet
    hours on the customer's clock: where they are against it, it waits or is skipped, as the order has it. Transactional
    mail passes all of that. Whether the address is suppressed, which nothing passes, is asked after this, of those who
    would be mailed.

    An outdated mail that is to be left undecided decides nothing, whatever else speaks against it: another about the
    same may be of use for longer.
    """
    if not known.premise_holds and order.if_untrue == "leave":
        return Leave()
    reason = _never(order, known, now) or (_unwelcome(order, known, rules, now) if marketing(order) else None)
    if reason or known.profile is None:  # the reason says so, too
        return Skip(str(reason))
    obstacles = _obstacles(order, known.profile, known.contact, rules, now) if marketing(order) else ()
    holds = [each for each in obstacles if isinstance(each, Hold)]
    if skip := next((each for each in obstacles if isinstance(each, Skip)), None):
        return skip
    if known.campaign_enabled is None:
        # A plan that is being deployed has it already.
        return Hold(now + rules.look_again, "campaign_unknown")
    if known.campaign_paused:
        return Hold(now + rules.look_again, "campaign_paused")
    return max(holds, key=lambda hold: hold.until) if holds else Send(known.profile.email)


def marketing(order: SendMail) -> bool:
    """Mail that the customer may refuse; the other kind is transactional."""
    return order.kind == "marketing"


def _never(order: SendMail, known: Circumstances, now: datetime) -> str | None:
    """Why nobody should get this mail any more."""
    if now > order.useful_until:
        return "too_late"
    if known.campaign_enabled is False:
        return "campaign_disabled"
    if not known.premise_holds:
        return "no_longer_true"
    return "no_profile" if known.profile is None else None


def _unwelcome(order: SendMail, known: Circumstances, rules: Delivery, now: datetime) -> str | None:
    """Why the customer does not want this mail at all, or is not to have it; when a pause ends, it would be stale."""
    if known.profile and _is_too_young(known.profile, rules.minimum_age, now):
        return "too_young"
    return known.contact.why_unwelcome(order.topic, now)


def _is_too_young(profile: Profile, minimum_age: int, now: datetime) -> bool:
    return is_younger_than(minimum_age, profile.birthday, now.astimezone(ZoneInfo(profile.time_zone)).date())


def _obstacles(
    order: SendMail, profile: Profile, contact: Contact, rules: Delivery, now: datetime
) -> tuple[Skip | Hold, ...]:
    """What time itself will take away: the customer's other mails, and their night."""
    others = others_lately(contact.recent, order.send_key, rules.frequency_cap, now)
    over = {
        "frequency_cap": (room_from(others, rules.frequency_cap), order.over_the_cap),
        "quiet_hours": (
            end_of_quiet_hours(rules.quiet_hours, ZoneInfo(profile.time_zone), now),
            order.in_quiet_hours,
        ),
    }
    return tuple(
        Hold(until, reason) if what_then == "wait" and until <= order.useful_until else Skip(reason)
        for reason, (until, what_then) in over.items()
        if until is not None
    )


def room_from(others: Iterable[RecentMail], cap: FrequencyCap) -> datetime | None:
    """When (UTC) so many of these mails have left the cap's span that there is room for one more; None: there is."""
    at = sorted(mail.at for mail in others)
    return at[-cap.mails] + cap.within if len(at) >= cap.mails else None


def others_lately(
    recent: Iterable[RecentMail], send_key: str, cap: FrequencyCap, now: datetime
) -> tuple[RecentMail, ...]:
    """The other mails that count under the frequency cap at `now`: those of the span that ends with it."""
    return tuple(mail for mail in recent if mail.send_key != send_key and mail.at > now - cap.within)


class NextStep(StrEnum):
    """What to do about a send key that somebody had before."""

    LEAVE_IT = "leave_it"
    WAIT = "wait"
    RECORD_UNKNOWN = "record_unknown"
    CLAIM_AGAIN = "claim_again"


def next_step(order: SendMail, entry: Entry, now: datetime) -> NextStep:
    """A decided mail stays decided. One that a worker has just now is waited for, as long as its lease runs.

    After that nobody can tell whether SES took it. Marketing then is at most once: it rather never comes than twice.
    Transactional mail is at least once, unless it was called off.
    """
    if entry.status not in (Status.SENDING, Status.UNKNOWN):
        return NextStep.LEAVE_IT
    if entry.lease_end is not None and now < entry.lease_end:
        return NextStep.WAIT
    if order.kind == "transactional" and not entry.cancelled:
        return NextStep.CLAIM_AGAIN
    return NextStep.LEAVE_IT if entry.status is Status.UNKNOWN else NextStep.RECORD_UNKNOWN


def is_claim_of(entry: Entry | None, claim_id: str) -> bool:
    """Whether the send key is being sent by who claimed it so, and was not called off."""
    if entry is None or entry.cancelled:
        return False
    return entry.status is Status.SENDING and entry.claim_id == claim_id
