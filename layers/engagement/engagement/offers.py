"""Offers: a code that is one customer's, hard to guess, good until it expires. How OffersTable spells an offer.

Campaigns issue offers; the room `offers` owns the table, watches over what becomes of them and writes that down. An
offer falls due (`engagement.due_work`) when its customer is to be reminded of it, and when it has expired; while it is
redeemed, never.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.due_work import due_attributes
from engagement.events.benefits import Benefit
from engagement.events.customers import Tier
from engagement.events.offers import OfferIssued
from engagement.items import from_item, to_item
from engagement.mail_orders import Premise
from engagement.plan_sections import Duration, OfferRules
from engagement.secret_keys import keyed_digest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: read over the telephone, typed on a phone.
ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
CODE_LENGTH = 10  # 23^10 = 4·10^13 codes
_ATTEMPTS = 5


class OfferTerms(Benefit):
    """What a campaign offers, and for how long: `{percent: 15, valid_for: 14d, by_tier: {gold: {percent: 20}}}`."""

    valid_for: Duration
    # For customers of a tier; the others get what stands beside it.
    by_tier: Mapping[Tier, Benefit] = {}

    def benefit_for(self, tier: str | None) -> Benefit:
        """What a customer of this tier gets; None: of no tier that is known."""
        usual = Benefit.model_validate({self.kind: getattr(self, self.kind)})
        return self.by_tier.get(tier, usual) if tier else usual


@dataclass(frozen=True)
class Offer:
    """One customer's offer. `offer_key` is the business fact it was issued for; instants are UTC.

    `remind_at` is when its customer is to be reminded, if at all; `redeemed_by` the order that used it.
    """

    code: str
    offer_key: str
    campaign: str
    customer_id: str
    benefit: Benefit
    issued_at: datetime
    expires_at: datetime
    remind_at: datetime | None = None
    redeemed_by: str | None = None
    redeemed_at: datetime | None = None


def offer_issued(offer: Offer) -> OfferIssued:
    """The fact, the same however often it is told."""
    return OfferIssued(**about(offer, "issued", offer.issued_at))


def about(offer: Offer, what: str, occurred_at: datetime) -> dict[str, Any]:
    """What every fact about an offer tells; `what` became of it is part of the fact's id."""
    return {
        "event_id": f"offer-{offer.code}-{what}",
        "occurred_at": occurred_at,
        "code": offer.code,
        "offer_key": offer.offer_key,
        "campaign": offer.campaign,
        "customer_id": offer.customer_id,
        "benefit": offer.benefit,
        "expires_at": offer.expires_at,
    }


def not_redeemed(table: str, code: str) -> Premise:
    """What a mail about an unused offer is written upon; `table` is OffersTable's physical name."""
    return Premise(table=table, key={"code": code}, still={"code": code, "redeemed_by": None})


class Offers:
    """OffersTable (`code`), as campaigns use it: they issue, and read."""

    def __init__(self, client: "DynamoDBClient", table: str, key: bytes, rules: OfferRules) -> None:
        self._client = client
        self._table = table
        self._key = key
        self._rules = rules

    def issue(
        self,
        offer_key: str,
        *,
        campaign: str,
        customer_id: str,
        benefit: Benefit,
        expires_at: datetime,
        now: datetime,
        remind_at: datetime | None = None,
    ) -> Offer:
        """The offer for `offer_key`: a new one, or the same one again however often it is asked for.

        The code follows from the key and the stack's secret, so one conditional put both issues and finds it. Should
        two keys ever lead to one code, the later takes its next code.
        """
        for attempt in range(_ATTEMPTS):
            offer = Offer(
                code=self._code(offer_key, attempt),
                offer_key=offer_key,
                campaign=campaign,
                customer_id=customer_id,
                benefit=benefit,
                issued_at=now,
                expires_at=expires_at,
                remind_at=remind_at,
            )
            kept = self._put_once(offer)
            if kept.offer_key == offer_key:
                return kept
        raise RuntimeError(f"no free offer code after {_ATTEMPTS} attempts")

    def _put_once(self, offer: Offer) -> Offer:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(offer_attributes(offer, self._rules)),
                ConditionExpression="attribute_not_exists(code)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as taken:
            return offer_from(from_item(taken.response["Item"]))  # type: ignore[typeddict-item]
        return offer

    def _code(self, offer_key: str, attempt: int) -> str:
        number = int.from_bytes(keyed_digest(self._key, "offer code", f"{offer_key}#{attempt}"))
        letters = []
        for _ in range(CODE_LENGTH):
            number, letter = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[letter])
        return "".join(letters)


def expiry_due(offer: Offer, rules: OfferRules) -> datetime:
    """When an offer that was not redeemed counts as expired: its last orders may still be on their way."""
    return offer.expires_at + rules.wait_for_late_orders


def first_due(offer: Offer, rules: OfferRules) -> datetime:
    """When an offer that nothing has become of yet falls due: for its reminder, or else for its end."""
    return offer.remind_at or expiry_due(offer, rules)


def kept_until(offer: Offer, rules: OfferRules) -> int:
    """When DynamoDB may delete what is known of an offer (TTL): seconds since 1970."""
    return int((offer.expires_at + rules.keep_for).timestamp())


def offer_attributes(offer: Offer, rules: OfferRules) -> dict[str, Any]:
    """An offer as OffersTable keeps it from the day of its issue."""
    return {
        "code": offer.code,
        "offer_key": offer.offer_key,
        "campaign": offer.campaign,
        "customer_id": offer.customer_id,
        "benefit": offer.benefit.model_dump(exclude_none=True),
        "issued_at": to_text(offer.issued_at),
        "ends_at": to_text(offer.expires_at),
        "remind_at": to_text(offer.remind_at) if offer.remind_at else None,
        "expires_at": kept_until(offer, rules),
        **due_attributes(offer.code, first_due(offer, rules)),
    }


def offer_from(item: Mapping[str, Any]) -> Offer:
    """The inverse of `offer_attributes`, and what has become of the offer since."""
    told = {name: from_text(item[name]) for name in ("issued_at", "remind_at", "redeemed_at") if name in item}
    return Offer(
        code=item["code"],
        offer_key=item["offer_key"],
        campaign=item["campaign"],
        customer_id=item["customer_id"],
        benefit=Benefit.model_validate(item["benefit"]),
        expires_at=from_text(item["ends_at"]),
        redeemed_by=item.get("redeemed_by"),
        **told,
    )
