"""Offers, the orders that carry their codes, and requests that a shop signed."""

from typing import TYPE_CHECKING, Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from engagement.events.benefits import Benefit
from engagement.events.orders import OrderPlaced
from engagement.items import from_item, to_item
from engagement.offers import Offer, offer_attributes
from engagement.plan import engagement_plan
from shop_facts import NOW, days, order_placed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CODE = "ACDEF34679"
PERCENT = Benefit(percent=15)


def an_offer(code: str = CODE, **changes: Any) -> Offer:
    """Asha's, issued today and good for a fortnight."""
    known: dict[str, Any] = {
        "offer_key": f"birthday_offer:cust-asha:2027:{code}",
        "campaign": "birthday_offer",
        "customer_id": "cust-asha",
        "benefit": PERCENT,
        "issued_at": NOW,
        "expires_at": NOW + days(14),
    }
    return Offer(code=code, **known | changes)


def order_with(*codes: str, order_id: str = "order-77", **changes: Any) -> OrderPlaced:
    return order_placed(order_id, cart_id=None, offer_codes=codes, **changes)


def keep_offer(client: "DynamoDBClient", table: str, offer: Offer) -> None:
    """As a campaign leaves it in OffersTable."""
    item = to_item(offer_attributes(offer, engagement_plan().offers))
    client.put_item(TableName=table, Item=item)


def offer_item(client: "DynamoDBClient", table: str, code: str = CODE) -> dict[str, Any]:
    """What OffersTable has under the code."""
    return from_item(client.get_item(TableName=table, Key=to_item({"code": code}))["Item"])


def signature(path: str) -> dict[str, str]:
    """The headers by which a GET of this path (with its query) is signed with AWS credentials."""
    request = AWSRequest("GET", f"https://offers.example.com{path}")
    SigV4Auth(Credentials("AKIAEXAMPLE", "secret"), "execute-api", "eu-central-1").add_auth(request)
    return dict(request.headers.items())
