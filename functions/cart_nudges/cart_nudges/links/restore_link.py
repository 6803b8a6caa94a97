"""The link in a mail that restores a cart: signed, bound to that cart, and good for a while."""

from dataclasses import dataclass
from datetime import datetime

from cart_nudges.carts.rules import Cart
from engagement.clock import from_text, to_text
from engagement.secret_keys import SigningKeys
from engagement.signed_tokens import read_token, sign_token

# What the token is good for; it opens nothing else.
RESTORE_CART = "restore_cart"


@dataclass(frozen=True)
class RestoreLink:
    """What a link says: which cart, and until when (UTC) it may be restored by it."""

    cart_id: str
    until: datetime


def restore_link(keys: SigningKeys, pages_url: str, cart: Cart, until: datetime, language: str) -> str:
    """The link to our page. Nothing in it tells whose cart it is: it may be forwarded."""
    token = sign_token(keys, RESTORE_CART, {"cart_id": cart.cart_id, "until": to_text(until)})
    return f"{pages_url}/cart?token={token}&lang={language}"


def read_restore_token(keys: SigningKeys, token: str) -> RestoreLink:
    """What the link with this token said, expired or not. Raises InvalidTokenError if it is none of ours."""
    claims = read_token(keys, RESTORE_CART, token)
    return RestoreLink(cart_id=claims["cart_id"], until=from_text(claims["until"]))
