"""Looking at a customer: what became of what was handed over, and what is due by now."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from engagement.mail_log import Entry, MailLog
from engagement.plan import EngagementPlan
from engagement.profiles import Profile, Profiles
from engagement.reading import read_together
from review_requests.campaign import ReviewRequestSettings
from review_requests.customers import Customer, Handed, Request
from review_requests.fates import learned
from review_requests.handing_over import HandingOver, Parting
from review_requests.table import ReviewRequests
from review_requests.timetable import (
    Ask,
    Deed,
    LetBe,
    Remind,
    deeds,
    next_look,
    products_of,
    reminded_products,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Of a transaction's 100 writes; what is left has its turn with the next sweep.
_MOST_DEEDS = 40


@dataclass
class Look:
    """How a customer stands while they are looked at. `partings` go out once that is written; what is `stuck` is due
    and cannot be done yet.
    """

    customer: Customer
    partings: list[Parting] = field(default_factory=list)
    stuck: list[Deed] = field(default_factory=list)
    mails: int = 0

    def set(self, request: Request) -> None:
        requests = {**self.customer.requests, request.lead: request}
        self.customer = replace(self.customer, requests=requests)


@dataclass(frozen=True)
class Looking:
    client: "DynamoDBClient"
    requests: ReviewRequests
    profiles: Profiles
    log: MailLog
    handing_over: HandingOver
    plan: EngagementPlan
    settings: ReviewRequestSettings

    def look(self, known: Customer, now: datetime) -> int:
        """Do what is due; returns how many mails were handed over. Killed anywhere, the next look does what is left.

        What is decided is written first, and goes out after that. Where the shop told more meanwhile, nothing is
        written and nothing goes out: that fact has set the next look.
        """
        out = [request for request in known.requests.values() if request.in_flight]
        profile, *entries = read_together(
            self.client,
            self.profiles.reading(known.customer_id),
            *(self.log.reading(request.newest_key) for request in out[:_MOST_DEEDS]),
        )
        look = Look(known)
        for request, entry in zip(out, entries, strict=False):
            self._learn(look, request, entry, profile, now)
        zone = profile.time_zone if profile else None
        self._do_what_is_due(look, profile, now)
        due_at = next_look(look.customer, self.settings, now, zone, look.stuck)
        if not self.requests.write(
            known, replace(look.customer, due_at=due_at), now=now, settings=self.settings
        ):
            return 0
        self.handing_over.let_go(look.partings)
        return look.mails

    def _learn(
        self, look: Look, request: Request, entry: Entry | None, profile: Profile | None, now: datetime
    ) -> None:
        handed = request.newest
        became = learned(handed, entry, now)
        if became is not None and entry is None:
            # Should the mail path still have the mail, it finds that it is let be.
            self._hand_over(look, request.with_newest(became), profile)
        elif became is not None:
            look.set(request.with_newest(became))
        elif handed.reason is None and handed.written_upon != look.customer.revision:
            # Untrue by now: the mail path leaves it undecided.
            if request.reminder:
                look.set(request.model_copy(update={"reminder": None}))
            else:
                look.set(request.withdrawn)
        else:
            # Whoever handed it over may have died before they could, or nobody took it.
            self._hand_over(look, request, profile)

    def _do_what_is_due(self, look: Look, profile: Profile | None, now: datetime) -> None:
        zone = profile.time_zone if profile else None
        due = [each for each in deeds(look.customer, self.settings, now, zone) if each.at <= now]
        for deed in due[:_MOST_DEEDS]:
            if not self._hand_over(look, self._request_of(look.customer, deed, now), profile):
                look.stuck.append(deed)

    def _request_of(self, customer: Customer, deed: Deed, now: datetime) -> Request:
        disabled = None if self.plan.campaign(self.settings.campaign).enabled else "campaign_disabled"
        end = now + self.settings.useful_for
        new = Handed(at=now, written_upon=customer.revision, useful_until=end)
        match deed:
            case LetBe(order_id=order_id, reason=reason):
                skipped = new.model_copy(update={"reason": reason})
                return Request(lead=order_id, orders=(order_id,), first=skipped)
            case Remind(request=request) if deed.reason or disabled:
                skipped = new.model_copy(update={"reason": deed.reason or disabled})
                return request.model_copy(update={"reminder": skipped})
            case Ask(orders=orders) if disabled:
                skipped = new.model_copy(update={"reason": disabled})
                return Request(lead=orders[0], orders=orders[:1], first=skipped)
            case Remind(request=request):
                products = reminded_products(customer, request, self.settings, now)
                mail = {"products": products, "useful_until": deed.useful_until}
                return request.model_copy(update={"reminder": new.model_copy(update=mail)})
            case Ask(orders=orders):
                products = products_of(customer, orders, self.settings, now)
                mail = {"products": products, "useful_until": deed.useful_until}
                return Request(lead=orders[0], orders=orders, first=new.model_copy(update=mail))

    def _hand_over(self, look: Look, request: Request, profile: Profile | None) -> bool:
        """False: it is not known yet who the customer is, or no mail can be made of it just now."""
        parting = self.handing_over.parting(look.customer, request, profile)
        if parting is None:
            return False
        look.partings.append(parting)
        look.mails += parting.invited is not None
        look.set(request)
        return True
