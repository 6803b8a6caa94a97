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


type Decision = Send | Skip | Hold


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

    Marketing needs consent to its topic besides, respects a pause and the frequency cap, and waits for the end of the
    quiet hours on the customer's clock. Transactional mail passes all of that. Whether the address is suppressed, which
    nothing passes, is asked after this, of those who would be mailed.
    """
    reason = _never(order, known, now) or (_unwelcome(order, known, rules, now) if marketing(order) else None)
    if reason or known.profile is None:  # the reason says so, too
        return Skip(str(reason))
    if known.campaign_enabled is None:
        # A plan that is being deployed has it already.
        return Hold(now + rules.look_again, "campaign_unknown")
    if known.campaign_paused:
        return Hold(now + rules.look_again, "campaign_paused")
    quiet_until = end_of_quiet_hours(rules.quiet_hours, ZoneInfo(known.profile.time_zone), now)
    if quiet_until and marketing(order):
        return Hold(quiet_until, "quiet_hours") if quiet_until <= order.useful_until else Skip("quiet_hours")
    return Send(known.profile.email)


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
    contact, cap = known.contact, rules.frequency_cap
    if known.profile and _is_too_young(known.profile, rules.minimum_age, now):
        return "too_young"
    if reason := contact.why_unwelcome(order.topic, now):
        return reason
    others = others_lately(contact.recent, order.send_key, cap, now)
    return "frequency_cap" if len(others) >= cap.mails else None


def _is_too_young(profile: Profile, minimum_age: int, now: datetime) -> bool:
    return is_younger_than(minimum_age, profile.birthday, now.astimezone(ZoneInfo(profile.time_zone)).date())


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
