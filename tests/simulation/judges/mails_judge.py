"""The judge of the mails: nobody is mailed wrongly, and whoever is due is mailed or has a reason."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import yaml

from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.mail_orders import SendMail
from local_cloud.cloud import SentMail
from tests.simulation.judges.mails_due import occasion_findings
from tests.simulation.judges.mails_known import Unfolding, send_key_in, span, zone_of
from tests.simulation.record import Finding, Judge, Record

ONCE = "no send key is mailed twice"
ORDERED = "no mail leaves that nobody handed over"
CONSENT = "nobody is mailed without their consent"
SUPPRESSED = "no address is mailed after a bounce or a complaint"
ERASED = "nobody is mailed after they were erased"
ADDRESS = "a mail goes to the newest address that is known"
BOUGHT = "no cart is nudged once its order is known"
NIGHT = "nobody is mailed in their quiet hours"
CAP = "nobody gets more than the cap allows"
LATE = "no mail leaves after it was of use"
TWICE = "nobody gets a second mail for the same occasion within a year"
CALLED_OFF = "no review is asked for once the order's cancellation is known"
OTHERS = "no mail has another customer's data in it"
WAY_OUT = "every marketing mail has a way out by one click"
WORDS = "no mail has a gap in its words"
DECIDED = "every mail that is handed over leaves or has its reason"
LOGS = "no line of the log says who somebody is"

_PERSONAL = re.compile(r"[\w.+-]+@mail\.example\.(?:com|org)", re.IGNORECASE)
# What a template leaves where it found nothing; and a greeting without a name.
_GAP = re.compile(r"\bNone\b|\bnull\b|Undefined|\{\{|\}\}|\{%|\{[a-z_]+\}|^\W*Hello\W*$", re.MULTILINE)
# A birthday that is corrected moves by less; the same day of the next year is a leap day's week away at the most.
_NEARLY_A_YEAR = timedelta(days=350)
# A mail whose worker waited for its place was looked at so much before.
_A_MOMENT = timedelta(seconds=90)


@dataclass(frozen=True)
class Mailed:
    mail: SentMail
    send_key: str
    order: SendMail
    at: datetime


class MailsJudge(Judge):
    def __init__(self) -> None:
        self._unfolding: Unfolding | None = None
        self._mailed: dict[str, Mailed] = {}
        self._by_customer: defaultdict[str, list[Mailed]] = defaultdict(list)
        self._looked_at = self._logs = 0
        self._customers: set[str] = set()

    def look(self, record: Record) -> list[Finding]:
        if self._unfolding is None:
            self._unfolding = Unfolding(record)
            self._plan: dict[str, Any] = yaml.safe_load(record.plan)
        self._unfolding.read_orders()
        self._customers |= {str(c) for told in record.told if (c := getattr(told.fact, "customer_id", None))}
        found = [finding for mail in record.mails[self._looked_at :] for finding in self._judge(mail, record)]
        self._looked_at = len(record.mails)
        found += self._judge_logs(record)
        if record.is_over:
            found += self._judge_ends(record)
            found += occasion_findings(record, self._plan)
        return found

    def _judge(self, mail: SentMail, record: Record) -> Iterator[Finding]:
        assert self._unfolding is not None
        send_key, at = send_key_in(mail.tags), mail.sent_at
        orders = self._unfolding.all_orders.get(send_key)
        if not orders:
            yield Finding(ORDERED, "", send_key, at)
            return
        order = next((each for each in reversed(orders) if each.subject == mail.subject), orders[-1])
        customer = order.customer_id
        if send_key in self._mailed:
            yield Finding(ONCE, customer, f"{send_key}, first at {self._mailed[send_key].at}", at)
        mailed = Mailed(mail, send_key, order, at)
        self._mailed[send_key] = mailed
        self._unfolding.until(at)
        if order.kind == "marketing":
            for rule in (self._consent, self._night, self._cap, self._way_out):
                if what := rule(mailed):
                    yield Finding(_RULES[rule.__name__], customer, f"{send_key}: {what}", at)
        for rule in (
            self._address,
            self._suppression,
            self._bought,
            self._late,
            self._others,
            self._twice,
            self._called_off,
            self._words,
        ):
            if what := rule(mailed):
                yield Finding(_RULES[rule.__name__], customer, f"{send_key}: {what}", at)
        if isinstance(self._unfolding.known.profiles.get(customer), CustomerErased):
            yield Finding(ERASED, customer, send_key, at)
        self._by_customer[customer].append(mailed)

    def _consent(self, mailed: Mailed) -> str:
        assert self._unfolding is not None
        agreed = self._unfolding.known.agrees(mailed.order.customer_id, mailed.order.topic)
        return "" if agreed else f"no consent to {mailed.order.topic}"

    def _night(self, mailed: Mailed) -> str:
        assert self._unfolding is not None
        profile = self._unfolding.known.profiles.get(mailed.order.customer_id)
        if profile is None:
            return ""
        quiet = self._plan["delivery"]["quiet_hours"]
        here = mailed.at.astimezone(zone_of(profile, self._plan))
        return "" if quiet["to_hour"] <= here.hour < quiet["from_hour"] else f"at {here:%H:%M} there"

    def _cap(self, mailed: Mailed) -> str:
        cap = self._plan["delivery"]["frequency_cap"]["mails"]
        lately = [
            each
            for each in self._by_customer[mailed.order.customer_id]
            if each.order.kind == "marketing" and each.at > mailed.at - span(self._plan) + _A_MOMENT
        ]
        return "" if len(lately) < cap else f"{len(lately)} others since {lately[0].at}"

    def _way_out(self, mailed: Mailed) -> str:
        headers = {name.lower(): value for name, value in mailed.mail.headers.items()}
        one_click = headers.get("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
        link = re.search(r"<https://[^>\s]+>", headers.get("list-unsubscribe", ""))
        return "" if one_click and link else f"{sorted(headers)}"

    def _words(self, mailed: Mailed) -> str:
        gap = _GAP.search(f"{mailed.mail.subject}\n{mailed.mail.text}")
        return f"{gap[0]!r}" if gap else "" if mailed.mail.subject.strip() else "no subject"

    def _address(self, mailed: Mailed) -> str:
        assert self._unfolding is not None
        profile = self._unfolding.known.profiles.get(mailed.order.customer_id)
        if profile is None or isinstance(profile, CustomerErased):
            return ""
        return "" if mailed.mail.to == (profile.email,) else "not to their newest address"

    def _suppression(self, mailed: Mailed) -> str:
        assert self._unfolding is not None
        to = {each.lower() for each in mailed.mail.to}
        return "it bounced, or complained" if to & self._unfolding.known.suppressed else ""

    def _bought(self, mailed: Mailed) -> str:
        assert self._unfolding is not None
        campaign, _, rest = mailed.send_key.partition(":")
        if campaign != "cart_nudge":
            return ""
        cart_id = rest.rpartition(":")[0].partition("@")[0]
        return (
            f"bought at {self._unfolding.known.bought[cart_id]}"
            if cart_id in self._unfolding.known.bought
            else ""
        )

    def _late(self, mailed: Mailed) -> str:
        assert self._unfolding is not None
        until = max(each.useful_until for each in self._unfolding.all_orders[mailed.send_key])
        return "" if mailed.at <= until + _A_MOMENT else f"of use until {until}"

    def _twice(self, mailed: Mailed) -> str:
        """An occasion's own mail, not the one that reminds of its gift. Who has another date since, has its mail in the
        calendar year that it falls into.
        """
        occasion = mailed.send_key.split(":")
        campaign = self._plan["campaigns"].get(occasion[0], {})
        if campaign.get("capability") != "occasion_offers" or len(occasion) != 3:
            return ""
        before = [
            each
            for each in self._by_customer[mailed.order.customer_id]
            if each.send_key.split(":")[:-1] == occasion[:-1] and each.at > mailed.at - _NEARLY_A_YEAR
        ]
        if not before or self._has_another_date(mailed.order.customer_id):
            return ""
        return f"after {before[-1].send_key} at {before[-1].at}"

    def _has_another_date(self, customer_id: str) -> bool:
        assert self._unfolding is not None
        told = [each.fact for each in self._unfolding.record.told]
        profiles = [
            fact
            for fact in told
            if isinstance(fact, CustomerRegistered | CustomerUpdated) and fact.customer_id == customer_id
        ]
        joined = {fact.occurred_at for fact in profiles if isinstance(fact, CustomerRegistered)}
        return len({fact.birthday for fact in profiles}) > 1 or len(joined) > 1

    def _called_off(self, mailed: Mailed) -> str:
        """A reminder keeps the name of its first order, and may be of the others that were asked about with it."""
        assert self._unfolding is not None
        campaign, order_id, *which = mailed.send_key.split(":")
        known = order_id in self._unfolding.known.called_off
        return (
            "the order was cancelled" if known and (campaign, which) == ("review_request", ["first"]) else ""
        )

    def _others(self, mailed: Mailed) -> str:
        own = {each.lower() for each in mailed.mail.to}
        words = f"{mailed.mail.subject}\n{mailed.mail.text}\n{mailed.mail.html}"
        strange = {each for each in _PERSONAL.findall(words) if each.lower() not in own}
        if self._customers:
            strange |= set(_any_of(self._customers).findall(words)) - {mailed.order.customer_id}
        return f"{sorted(strange)}" if strange else ""

    def _judge_ends(self, record: Record) -> Iterator[Finding]:
        assert self._unfolding is not None
        log = {item["send_key"]: item for item in record.table("MailLogTable")}
        dead = "\n".join(body for bodies in record.dead_letters.values() for body in bodies)
        for send_key, orders in self._unfolding.all_orders.items():
            entry = log.get(send_key)
            if entry is not None and entry["mail_status"] != "sending":
                continue
            # An outdated mail decides nothing: its capability has another for the same.
            if entry is None and (orders[-1].if_untrue == "leave" or send_key in dead):
                continue
            what = f"{send_key}: {entry['mail_status'] if entry else 'nothing is known of it'}"
            yield Finding(DECIDED, orders[-1].customer_id, what)

    def _judge_logs(self, record: Record) -> Iterator[Finding]:
        new = record.logs[self._logs :]
        self._logs = len(record.logs)
        told = re.compile("|".join(rf'"{re.escape(each)}"' for each in sorted(self._customers)) or "(?!)")
        for function, line in new:
            if personal := _PERSONAL.search(line):
                yield Finding(LOGS, "", f"{function}: {personal[0]} in {line[:200]}")
            if who := told.search(line):
                yield Finding(LOGS, who[0].strip('"'), f"{function}: {line[:200]}")


def _any_of(customers: set[str]) -> re.Pattern[str]:
    """Any of their ids, as a word of its own."""
    ids = "|".join(re.escape(each) for each in sorted(customers, key=len, reverse=True))
    return re.compile(rf"(?<![\w.@-])(?:{ids})(?![\w@-]|\.\w)")


_RULES = {
    "_consent": CONSENT,
    "_night": NIGHT,
    "_cap": CAP,
    "_address": ADDRESS,
    "_suppression": SUPPRESSED,
    "_bought": BOUGHT,
    "_late": LATE,
    "_twice": TWICE,
    "_called_off": CALLED_OFF,
    "_way_out": WAY_OUT,
    "_words": WORDS,
    "_others": OTHERS,
}
