"""A cart as its item in CartsTable has it, and back."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from cart_nudges.carts.rules import Cart, CartStatus, Handed
from engagement.clock import from_text, to_text
from engagement.events.base import Line

_HANDED = tuple(each.name for each in fields(Handed))


def plain_handed(handed: Handed) -> dict[str, Any]:
    """As the item has what was handed over."""
    return asdict(handed) | {"at": to_text(handed.at), "product_ids": list(handed.product_ids)}


def cart_of(item: dict[str, Any]) -> Cart:
    """A cart from its item's plain values."""
    handed = item.get("handed")
    return Cart(
        cart_id=item["cart_id"],
        status=CartStatus(item.get("cart_status", CartStatus.OPEN)),
        activity_at=_instant(item.get("activity_at")),
        begun_at=_instant(item.get("begun_at")),
        customer_id=item.get("customer_id"),
        address_hash=item.get("address_hash"),
        lines=tuple(map(Line.model_validate, item.get("cart_lines", ()))),
        steps_over=item.get("steps_over", 0),
        handed=_handed(handed) if handed else None,
        timer_at=_instant(item.get("timer_at")),
        abandoned_at=_instant(item.get("abandoned_at")),
        merged_into=item.get("merged_into"),
        merged_at=_instant(item.get("merged_at")),
        bought_at=_instant(item.get("bought_at")),
        contents=item.get("contents"),
        known_at=item.get("known_at"),
    )


def _handed(kept: dict[str, Any]) -> Handed:
    # A version that is newer than this one may have kept more.
    known = {name: kept[name] for name in _HANDED}
    return Handed(**known | {"at": from_text(kept["at"]), "product_ids": tuple(kept["product_ids"])})


def _instant(text: str | None) -> datetime | None:
    return from_text(text) if text else None
