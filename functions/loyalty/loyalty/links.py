"""The link to a customer's own page about their points: signed, bound to that customer, and good for a while."""

from dataclasses import dataclass
from datetime import datetime

from engagement.clock import from_text, to_text
from engagement.secret_keys import SigningKeys
from engagement.signed_tokens import read_token, sign_token

# What the token is good for; it opens nothing else.
SEE_POINTS = "see_points"


@dataclass(frozen=True)
class PointsLink:
    """What a link says: whose points, and until when (UTC, that instant excluded) they can be seen by it."""

    customer_id: str
    until: datetime


def points_url(keys: SigningKeys, pages_url: str, customer_id: str, until: datetime, language: str) -> str:
    """The link to the page. It has no name and no address in it, for it may be forwarded; but it has the customer's id,
    and whoever has the link sees the points.
    """
    token = sign_token(keys, SEE_POINTS, {"customer_id": customer_id, "until": to_text(until)})
    return f"{pages_url}/points?token={token}&lang={language}"


def read_points_token(keys: SigningKeys, token: str) -> PointsLink:
    """What the link with this token said, over or not. Raises InvalidTokenError if it is none of ours."""
    claims = read_token(keys, SEE_POINTS, token)
    return PointsLink(customer_id=claims["customer_id"], until=from_text(claims["until"]))
