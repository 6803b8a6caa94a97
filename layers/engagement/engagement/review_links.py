"""The link by which a customer reviews a product: signed, bound to that review, and good for a while."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from engagement.clock import from_text, to_text
from engagement.secret_keys import SigningKeys
from engagement.signed_tokens import read_token, sign_token

# What the token is good for; it opens nothing else.
WRITE_REVIEW = "write_review"
STARS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class ReviewLink:
    """What a link says: which review, and until when (UTC) it may be written by it."""

    review_id: str
    until: datetime


def review_id_of(customer_id: str, product_id: str) -> str:
    """A customer has one review of a product, however often they buy it.

    It is no secret, and not for showing: who knows how the shop numbers its customers can tell whose it is.
    """
    # No id holds a "#".
    return sha256(f"{customer_id}#{product_id}".encode()).hexdigest()[:32]


def review_url(keys: SigningKeys, pages_url: str, link: ReviewLink, language: str) -> str:
    """The link to the form. It has no name and no address in it, for it may be forwarded; but it has the review's id,
    and whoever has the link may write the review.
    """
    token = sign_token(keys, WRITE_REVIEW, {"review_id": link.review_id, "until": to_text(link.until)})
    return f"{pages_url}/review?token={token}&lang={language}"


def with_stars(url: str, stars: int) -> str:
    """The same link, to the form with so many stars chosen already. It is a wish, and is not signed."""
    return f"{url}&stars={stars}"


def read_review_token(keys: SigningKeys, token: str) -> ReviewLink:
    """What the link with this token said, expired or not. Raises InvalidTokenError if it is none of ours."""
    claims = read_token(keys, WRITE_REVIEW, token)
    return ReviewLink(review_id=claims["review_id"], until=from_text(claims["until"]))
