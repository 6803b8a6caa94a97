"""Forgetting: a shopper was erased, and with them go their carts, their purchases and their incentive."""

from datetime import datetime

from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.rules import send_key
from cart_nudges.carts.shoppers_table import Shoppers
from engagement.mail_orders import CancelMail
from engagement.queues import MessageQueue


def forget_shopper(
    shopper: str, erased_at: datetime, carts: Carts, shoppers: Shoppers, mail_queue: MessageQueue
) -> None:
    """Delete what was told until then (UTC), any number of times; what is newer is of somebody who came back. A bought
    cart names nobody, but for a mail that is under way: that is forgotten once its outcome is known.
    """
    for cart in carts.all_carts_of(shopper):
        if cart.handed:
            # Nobody could be mailed any more; so the mail log need not find that out.
            mail_queue.put([CancelMail(send_key=send_key(cart.cart_id, cart.handed.step), reason="erased")])
        carts.forget(cart.cart_id, erased_at)
    shoppers.forget(shopper, erased_at)
