"""Offers: a code that is one customer's, hard to guess, good until it expires. Only this spells OffersTable."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item
from engagement.plan import Duration
from engagement.secret_keys import keyed_digest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: read over the telephone, typed on a phone.
ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
CODE_LENGTH = 10  # 23^10 = 4·10^13 codes
_ATTEMPTS = 5


class OfferTerms(BaseModel):
    """What is offered: `value` percent off, for so long after it is issued."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["percent"]
    value: Annotated[int, Field(strict=True, ge=1, le=100)]
    valid_for: Duration


@dataclass(frozen=True)
class Offer:
    """One customer's offer; `expires_at` is UTC. `offer_key` is the business fact it was issued for."""

    code: str
    offer_key: str
    customer_id: str
    kind: str
    value: int
    expires_at: datetime


class Offers:
    """OffersTable (`code`)."""

    def __init__(self, client: "DynamoDBClient", table: str, key: bytes) -> None:
        self._client = client
        self._table = table
        self._key = key

    def issue(
        self, offer_key: str, customer_id: str, terms: OfferTerms, *, expires_at: datetime, now: datetime
    ) -> Offer:
        """The offer for `offer_key`: a new one, or the same one again however often it is asked for.

        The code follows from the key and the stack's secret, so one conditional put both issues and finds it. Should
        two keys ever lead to one code, the later takes its next code.
        """
        for attempt in range(_ATTEMPTS):
            offer = Offer(
                code=self._code(offer_key, attempt),
                offer_key=offer_key,
                customer_id=customer_id,
                kind=terms.kind,
                value=terms.value,
                expires_at=expires_at,
            )
            kept = self._put_once(offer, now)
            if kept.offer_key == offer_key:
                return kept
        raise RuntimeError(f"no free offer code after {_ATTEMPTS} attempts")

    def _put_once(self, offer: Offer, now: datetime) -> Offer:
        item = asdict(offer) | {"expires_at": to_text(offer.expires_at), "issued_at": to_text(now)}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(code)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as taken:
            old = from_item(taken.response["Item"])  # type: ignore[typeddict-item]
            kept = {name: old[name] for name in Offer.__dataclass_fields__}
            return Offer(**kept | {"expires_at": from_text(old["expires_at"])})
        return offer

    def _code(self, offer_key: str, attempt: int) -> str:
        number = int.from_bytes(keyed_digest(self._key, "offer code", f"{offer_key}#{attempt}"))
        letters = []
        for _ in range(CODE_LENGTH):
            number, letter = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[letter])
        return "".join(letters)
