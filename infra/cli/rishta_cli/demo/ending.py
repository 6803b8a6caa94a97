"""How the story should end, and how it did."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engagement.money import Money, display_money
from engagement.review_links import STARS
from local_cloud.cloud import LocalCloud, SentMail
from rishta_cli.demo.customers import CUSTOMERS
from rishta_cli.demo.points import in_words, moved, statement

# Who, the thread of the story, what to look at, and how it should have ended.
THREADS: tuple[tuple[str, str, str, str], ...] = (
    ("asha", "birthday on 28 February", "birthday_offer:asha:2027", "mail in en-IN"),
    ("asha", "uses her code, twice", "offer:birthday_offer:asha:2027", "15 percent, by order-asha-gift"),
    ("asha", "left a cart", "cart_nudge:cart-asha:step-1", "mail in en-IN"),
    ("asha", "bought it from another device", "cart_nudge:cart-asha:step-2", "no mail: bought_already"),
    ("asha", "what the nudge recovered", "recovered:step-1", "₹1,445 of 1 order"),
    ("asha", "paid twice, got ₹102 back; birthday", "points:asha", "50 points, 32 pending, bronze"),
    ("vikram", "born on 29 February", "birthday_offer:vikram:2027", "mail in hi-IN"),
    ("vikram", "silver by then", "offer:birthday_offer:vikram:2027", "20 percent"),
    ("vikram", "paid ₹52,450 a fortnight ago; birthday", "points:vikram", "574 points, silver"),
    ("vikram", "is congratulated", "tier_reached:vikram:silver.2027-02-28", "mail in hi-IN"),
    ("emma", "birthday, in New York", "birthday_offer:emma:2027", "mail in en-US"),
    ("emma", "tom tries her code", "offer:birthday_offer:emma:2027", "15 percent"),
    ("emma", "left a cart", "cart_nudge:cart-emma:step-1", "mail in en-US"),
    ("emma", "and still a day later", "cart_nudge:cart-emma:step-2", "mail in en-US"),
    ("emma", "paid $96, got $32 back; birthday", "points:emma", "50 points, 64 pending, bronze"),
    ("kenji", "bought the cart in time", "cart_nudge:cart-kenji:step-1", "no mail: bought"),
    ("kenji", "reviewed before being asked", "review_request:order-kenji:first", "no mail: reviewed"),
    ("priya", "left a cart", "cart_nudge:cart-priya:step-1", "mail in hi-IN"),
    ("priya", "her address does not exist", "status:cart_nudge:cart-priya:step-1", "bounced"),
    ("priya", "birthday, after the bounce", "birthday_offer:priya:2027", "no mail: suppressed"),
    ("priya", "a delivery, after the bounce", "review_request:order-priya:first", "no mail: suppressed"),
    ("tom", "left a cart", "cart_nudge:cart-tom-1:step-1", "mail in en-GB"),
    ("tom", "left another, after unsubscribing", "cart_nudge:cart-tom-2:step-1", "no mail: unsubscribed"),
    ("tom", "order delivered, then cancelled", "review_request:order-tom:first", "no mail: cancelled"),
    ("lena", "birthday; never agreed to offers", "birthday_offer:lena:2027", "no mail: no_consent"),
    ("lena", "left a cart; never agreed to reminders", "cart_nudge:cart-lena:step-1", "no mail: no_consent"),
    ("lena", "a delivery; speaks no language of ours", "review_request:order-lena:first", "mail in en-IN"),
    ("bina", "emptied the cart", "cart_nudge:cart-bina:step-1", "no mail: emptied"),
    ("lena", "clicks on four stars", "review:assam-friends", "4 stars, published"),
    ("lena", "reviews with a link in it", "review:teapot", "4 stars, pending: links"),
    ("lena", "is thanked for it; birthday", "points:lena", "70 points, bronze"),
    ("", "what the shop shows of it", "rating:assam-friends", "1 review of 4 stars"),
    ("omar", "has just registered", "points:omar", "25 points, bronze"),
    ("dev", "spends 150, and a third goes back", "moved:dev", "-150 redeemed, 50 given_back"),
    ("dev", "what he has then", "points:dev", "100 points, 8 pending, bronze"),
    ("arjun", "walked away from the checkout", "points:arjun", "90 points, bronze"),
    ("bina", "her points end with February", "points_expiring:bina:2027-03-01.7", "mail in hi-IN"),
    ("bina", "spends 50 of 64", "moved:bina", "-50 redeemed, -14 expired"),
    ("dev", "how he did in February", "points_statement:dev:2027-02", "mail in en-IN"),
    ("lena", "never agreed to mails about points", "points_statement:lena:2027-02", "no mail: no_consent"),
    ("bina", "a delivery", "review_request:order-bina:first", "mail in hi-IN"),
    ("bina", "the kettle went back", "asked:review_request:order-bina:first", "Ilam tea"),
    ("omar", "sent the goods back", "review_request:order-omar:first", "no mail: refunded"),
    ("arjun", "has complained, and waits", "review_request:order-arjun:first", "no mail: case_open"),
    ("omar", "told of his birthday on its eve", "birthday_offer:omar:2027", "no mail: date_too_new"),
    ("nila", "turns eleven", "birthday_offer:nila:2027", "no mail: too_young"),
    ("mira", "a cart, in the holdout of step 2", "cart_nudge:cart-mira:step-2", "no mail: withheld"),
    ("dev", "known by the address at the checkout", "cart_nudge:cart-dev:step-1", "mail in en-IN"),
    ("dev", "cheaper by then, and sold out", "total:cart_nudge:cart-dev:step-1", "₹399"),
    ("mira", "joined a year ago", "first_anniversary_offer:mira:2027", "mail in en-IN"),
    ("arjun", "joined three years ago", "anniversary_offer:arjun:2027", "mail in hi-IN"),
    ("arjun", "what he is given", "offer:anniversary_offer:arjun:2027", "200 points"),
    ("", "poison among the carts", "dead_letters:CartNudgesQueue", "1 in its dead-letter queue"),
    ("", "a payment in no currency", "dead_letters:LoyaltyQueue", "1 in its dead-letter queue"),
    ("", "mails that came twice", "twice:", "0"),
)


# Where the mail log keeps the reason why a mail was not sent, by its status.
_REASONS = {"skipped": "reason", "cancelled": "cancelled_because"}


@dataclass(frozen=True)
class Outcome:
    """What should have become of one thing; `found` is what did."""

    who: str
    story: str
    expected: str
    found: str

    @property
    def as_told(self) -> bool:
        return self.expected == self.found


def _total(text: str) -> str:
    """What a nudge says that the cart costs."""
    found = re.search(r"^Total: (.+)$", text, re.MULTILINE)
    return found[1] if found else "no total"


def _asked(text: str) -> str:
    """The products that a mail asks about."""
    return ", ".join(name for name in ("Ilam tea", "Copper kettle") if name in text)


def send_key_of(mail: SentMail) -> str:
    tag = mail.tags["SendKey"]
    return urlsafe_b64decode(tag + "=" * (-len(tag) % 4)).decode()


def report(cloud: LocalCloud) -> dict[str, Any]:
    """The mails, what was skipped and why, the statements and the dead letters, as report.json has them."""
    return {
        "mails": [
            {
                "send_key": send_key_of(mail),
                "campaign": mail.tags["Campaign"],
                "to": mail.to[0],
                "locale": mail.tags["Locale"],
                "subject": mail.subject,
            }
            for mail in cloud.mails
        ],
        "skipped": [
            {"send_key": item["send_key"], "reason": item[_REASONS[item["mail_status"]]]}
            for item in sorted(cloud.table("MailLogTable"), key=lambda item: str(item["send_key"]))
            if item["mail_status"] in _REASONS
        ],
        "points": [statement(cloud, customer["customer_id"]) for customer in CUSTOMERS],
        "dead_letters": [
            {"queue": queue, "count": len(bodies)} for queue, bodies in sorted(cloud.dead_letters().items())
        ],
    }


def outcomes(story_report: Mapping[str, Any], cloud: LocalCloud) -> list[Outcome]:
    """Every thread of the story against its expected end."""
    found = _Findings(story_report, cloud)
    return [Outcome(who, story, expected, found.about(subject)) for who, story, subject, expected in THREADS]


class _Findings:
    """What became of a send key, a customer's points, a queue: by the word before the first colon."""

    def __init__(self, story_report: Mapping[str, Any], cloud: LocalCloud) -> None:
        self._mails = {mail["send_key"]: mail for mail in story_report["mails"]}
        self._skipped = {skip["send_key"]: skip["reason"] for skip in story_report["skipped"]}
        self._points = {told["customer_id"]: told for told in story_report["points"]}
        self._dead = {letter["queue"]: letter["count"] for letter in story_report["dead_letters"]}
        self._statuses = {item["send_key"]: item["mail_status"] for item in cloud.table("MailLogTable")}
        self._carts = {item["cart_id"]: item for item in cloud.table("CartsTable")}
        self._orders = {item["record_id"]: item for item in cloud.table("ReviewRequestsTable")}
        self._reviews = {item["product_id"]: item for item in cloud.table("ReviewsTable")}
        self._ratings = cloud.table("RatingsTable")
        self._asked = {send_key_of(mail): _asked(mail.text) for mail in cloud.mails}
        self._offers = {item["offer_key"]: item for item in cloud.table("OffersTable")}
        self._totals = {send_key_of(mail): _total(mail.text) for mail in cloud.mails}
        self._counters = cloud.table("ExperimentCountersTable")
        self._mail_count = len(story_report["mails"])

    def about(self, subject: str) -> str:
        kind, _, name = subject.partition(":")
        looks: Mapping[str, Callable[[str], str]] = {
            "points": lambda who: in_words(self._points[who]),
            "moved": lambda who: moved(self._points[who], "redeemed", "given_back", "expired"),
            "offer": self._offer,
            "dead_letters": lambda queue: f"{self._dead.get(queue, 0)} in its dead-letter queue",
            "status": lambda send_key: str(self._statuses.get(send_key)),
            "total": lambda send_key: self._totals.get(send_key, "no mail"),
            "asked": lambda send_key: self._asked.get(send_key, "no mail"),
            "review": self._review,
            "rating": self._rating,
            "recovered": self._recovered,
            "twice": lambda _: str(self._mail_count - len(self._mails)),
        }
        return looks[kind](name) if kind in looks else self._mail(subject)

    def _offer(self, offer_key: str) -> str:
        if offer_key not in self._offers:
            return "no offer"
        offer = self._offers[offer_key]
        ((kind, size),) = offer["benefit"].items()
        used = f", by {offer['redeemed_by']}" if "redeemed_by" in offer else ""
        return f"{size} {kind}{used}"

    def _review(self, product_id: str) -> str:
        review = self._reviews[product_id]
        held = f": {review['reason']}" if review.get("reason") else ""
        return f"{review['draft']['rating']} stars, {review['state']}{held}"

    def _rating(self, product_id: str) -> str:
        counted = [item for item in self._ratings if item["product_id"] == product_id]
        stars = {each: sum(int(item.get(f"stars_{each}", 0)) for item in counted) for each in STARS}
        return ", ".join(f"{number} review of {each} stars" for each, number in stars.items() if number)

    def _recovered(self, experiment: str) -> str:
        counted = [item for item in self._counters if str(item["experiment_shard"]).startswith(experiment)]
        orders, paise = (
            sum(int(item.get(what, 0)) for item in counted) for what in ("orders", "revenue_INR")
        )
        money = display_money(Money(amount_minor=paise, currency="INR"), "en-IN")
        return f"{money} of {orders} order" + ("s" if orders != 1 else "")

    def _mail(self, send_key: str) -> str:
        if send_key in self._mails:
            return f"mail in {self._mails[send_key]['locale']}"
        return f"no mail: {self._skipped.get(send_key) or self._never_due_because(send_key)}"

    def _never_due_because(self, send_key: str) -> str:
        campaign, subject, _ = send_key.split(":")
        if campaign == "cart_nudge":
            cart = self._carts[subject]
            if cart["cart_status"] == "bought":
                return "bought"
            return "not due" if cart.get("cart_lines") else "emptied"
        if campaign == "review_request":
            # Not in the mail log yet: it may change while there is time to ask.
            order = self._orders[f"order#{subject}"]
            return "case_open" if "cases" in order else "refunded" if "refunds" in order else "not due"
        return "not due"
