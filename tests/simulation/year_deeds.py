"""What happens in a year, each by its kind: the shop tells something, or a person does something with a mail."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode

from engagement.events.base import Event
from engagement.events.orders import OrderPlaced
from engagement.events.reviews import ReviewModerated
from engagement.offers import ALPHABET
from local_cloud.cloud import SentMail
from ses_facts import A_BROWSER
from tests.simulation.happening import Shop

# The local cloud takes a signature on trust.
_SIGNED = {
    "authorization": "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20270701/eu-central-1/execute-api/aws4_request, "
    "SignedHeaders=host, Signature=0",
    "content-type": "application/json",
}
_FORM = {"content-type": "application/x-www-form-urlencoded"}
_REVIEW_LINK = re.compile(r'href="([^"]+/review\?[^"]+stars=[1-5])"')
_STARS = re.compile(r"stars=[1-5]$")
# Where our pages are; what else mails link to is the shop's own.
_OURS = ".execute-api."
_LINK = re.compile(r'href="(https://[^"]+)"')
_CODE = re.compile(rf"\b[{ALPHABET}]{{10}}\b")


@dataclass(frozen=True)
class Deed:
    """`at` is UTC; `mailbox` is the name by which a person's mails are found, whatever their address and id are."""

    at: datetime
    customer_id: str
    mailbox: str

    def happen(self, shop: Shop) -> None:
        raise NotImplementedError


def mails_of(mailbox: str, shop: Shop, campaign: str = "") -> list[SentMail]:
    """Somebody's mails, newest first."""
    return [
        mail
        for mail in reversed(shop.record.mails)
        if re.split(r"[.+@]", mail.to[0])[0].lower() == mailbox and campaign in ("", mail.tags["Campaign"])
    ]


@dataclass(frozen=True)
class Tells(Deed):
    """The shop tells a fact."""

    fact: Event
    words: str

    def happen(self, shop: Shop) -> None:
        shop.tell(self.fact)

    def __str__(self) -> str:
        return f"{self.customer_id or 'the shop'} {self.words}"


@dataclass(frozen=True)
class Unsubscribes(Deed):
    """As a mail provider does for its user (RFC 8058), after a scanner has looked at the link. From what: whatever
    topic the newest mail is of.
    """

    def happen(self, shop: Shop) -> None:
        for mail in mails_of(self.mailbox, shop)[:1]:
            url = mail.headers["List-Unsubscribe"].strip("<>")
            shop.request("GET", url)
            shop.request("POST", url, body="List-Unsubscribe=One-Click", headers=_FORM)

    def __str__(self) -> str:
        return f"{self.customer_id} unsubscribes by the newest mail's link"


@dataclass(frozen=True)
class Reviews(Deed):
    """By the link in the newest mail that asks for it; `product` counts the mail's products from 0, round and round."""

    product: int
    stars: int
    text: str

    def happen(self, shop: Shop) -> None:
        for mail in mails_of(self.mailbox, shop, "review_request")[:1]:
            links = list(
                dict.fromkeys(_STARS.sub("", unescape(each)) for each in _REVIEW_LINK.findall(mail.html))
            )
            if links:
                link = f"{links[self.product % len(links)]}stars={self.stars}"
                shop.request("GET", link)
                filled = {
                    "rating": str(self.stars),
                    "title": "",
                    "text": self.text,
                    "photo_url": "",
                    "name": "",
                }
                shop.request("POST", link, body=urlencode(filled), headers=_FORM)

    def __str__(self) -> str:
        return f"{self.customer_id} gives {self.stars} stars by the newest request's link: {self.text!r}"


@dataclass(frozen=True)
class Moderates(Deed):
    """Somebody of the shop's decides about the customer's newest review that waits, or that is shown. `behind`: they
    had so many states less of it before them than there are.
    """

    published: bool
    behind: int

    def happen(self, shop: Shop) -> None:
        written = [
            (item["state"] == "pending", item["changed_at"], item["review_id"], int(item["revision"]))
            for item in shop.record.table("ReviewsTable")
            if item.get("customer_id") == self.customer_id and item.get("draft")
        ]
        for *_, review_id, revision in sorted(written)[-1:]:
            shop.tell(self._decision(review_id, max(1, revision - self.behind)))

    def _decision(self, review_id: str, revision: int) -> ReviewModerated:
        return ReviewModerated(
            event_id=f"moderated-{review_id}-{self.at:%Y%m%dT%H%M%S%f}",
            occurred_at=self.at,
            review_id=review_id,
            revision=revision,
            published=self.published,
            reason=None if self.published else "off_topic",
            moderator="Meera",
        )

    def __str__(self) -> str:
        verdict = "shows" if self.published else "rejects"
        return f"the shop {verdict} {self.customer_id}'s newest review, if there is one"


@dataclass(frozen=True)
class Reads(Deed):
    """A person opens the newest mail, and perhaps follows one of its links: the so-many-th from 0, round and round."""

    clicks: bool
    link: int

    def happen(self, shop: Shop) -> None:
        for mail in mails_of(self.mailbox, shop)[:1]:
            shop.mail_event(mail, "Open", userAgent=A_BROWSER, ipAddress="192.0.2.1")
            links = [unescape(each) for each in _LINK.findall(mail.html)]
            if self.clicks and links:
                link = links[self.link % len(links)]
                shop.mail_event(mail, "Click", userAgent=A_BROWSER, ipAddress="192.0.2.1", link=link)
                if _OURS in link:
                    shop.request("GET", link)

    def __str__(self) -> str:
        return f"{self.customer_id} {'clicks in' if self.clicks else 'opens'} the newest mail"


@dataclass(frozen=True)
class Troubles(Deed):
    """SES hears that a mailbox did not take the newest mail (for good or not), or that a person complains of it."""

    kind: str  # "Permanent", "Transient" or "Complaint"

    def happen(self, shop: Shop) -> None:
        for mail in mails_of(self.mailbox, shop)[:1]:
            shop.mail_event(mail, "Complaint" if self.kind == "Complaint" else "Bounce", **self._part(mail))

    def _part(self, mail: SentMail) -> dict[str, Any]:
        about = {"feedbackId": f"feedback-{mail.message_id}", "reportingMTA": "dsn; mx.example.com"}
        if self.kind == "Complaint":
            complained = [{"emailAddress": mail.to[0]}]
            return about | {"complainedRecipients": complained, "complaintFeedbackType": "abuse"}
        for_good = self.kind == "Permanent"
        recipient = {
            "emailAddress": mail.to[0],
            "action": "failed",
            "status": "5.1.1" if for_good else "4.2.2",
        }
        subtype = "General" if for_good else "MailboxFull"
        return about | {"bounceType": self.kind, "bounceSubType": subtype, "bouncedRecipients": [recipient]}

    def __str__(self) -> str:
        what = {"Permanent": "does not exist", "Transient": "is full", "Complaint": "calls it spam"}[
            self.kind
        ]
        return f"{self.customer_id}'s mailbox {what}: the newest mail"


@dataclass(frozen=True)
class OrdersWithCode(Deed):
    """An order with the code in the newest mail of `owner`'s that has one, typed as people do; without, if none has."""

    owner: str
    placed: OrderPlaced

    def happen(self, shop: Shop) -> None:
        codes = [code for mail in mails_of(self.owner, shop) for code in _CODE.findall(mail.text)]
        typed = tuple(f"{code[:5]}-{code[5:]}".lower() for code in codes[:1])
        shop.tell(self.placed.model_copy(update={"offer_codes": self.as_kept(typed)}))

    def as_kept(self, typed: tuple[str, ...]) -> tuple[str, ...]:
        """As the fact's model keeps what was typed."""
        told = {**self.placed.model_dump(mode="json"), "offer_codes": typed}
        return OrderPlaced.model_validate(told).offer_codes

    def __str__(self) -> str:
        whose = "the newest code" if self.owner == self.mailbox else f"{self.owner}'s newest code"
        return f"{self.customer_id} places {self.placed.order_id} with {whose}, if there is one"


@dataclass(frozen=True)
class AsksTheTill(Deed):
    """The checkout reserves a customer's points (so many hundredths of what there are), or ends a reservation."""

    page: str  # "reserve", "commit" or "release"
    reservation_id: str
    hundredths: int = 0
    order_id: str | None = None

    def happen(self, shop: Shop) -> None:
        asked = {"customer_id": self.customer_id, "reservation_id": self.reservation_id}
        if self.page == "reserve":
            path = "/points/statement?" + urlencode({"customer_id": self.customer_id})
            answer = shop.request("GET", path, headers=_SIGNED)
            there = json.loads(answer.body)["balance"] if answer.status == 200 else 0
            more = {"points": max(1, there * self.hundredths // 100)}
            shop.request("POST", "/points/reserve", body=self._body(asked | more), headers=_SIGNED)
        else:
            shop.request("POST", f"/points/{self.page}", body=json.dumps(asked), headers=_SIGNED)

    def _body(self, asked: dict[str, Any]) -> str:
        return json.dumps(asked | ({"order_id": self.order_id} if self.order_id else {}))

    def __str__(self) -> str:
        how_many = f" {self.hundredths} % of the points" if self.page == "reserve" else ""
        return f"{self.customer_id}'s checkout: {self.page}{how_many}, {self.reservation_id}"
