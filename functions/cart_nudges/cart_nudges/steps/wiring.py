"""How the parts of the sweep hang together."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.products_table import Products
from cart_nudges.carts.shoppers_table import Shoppers
from cart_nudges.carts.timers import CartTimers
from cart_nudges.steps.composing import CartMails
from cart_nudges.steps.handing_over import HandingOver
from cart_nudges.steps.judging import Judging
from cart_nudges.steps.learning import Learning
from cart_nudges.steps.leaving import Leaving
from cart_nudges.steps.nudging import Nudging
from cart_nudges.steps.sweeping import CartSweep
from engagement.bus import Bus
from engagement.contacts import Contacts
from engagement.mail_composer import MailComposer
from engagement.mail_log import MailLog
from engagement.offers import Offers
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue
from engagement.secret_keys import SigningKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Tables(BaseModel):
    """The tables' physical names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    carts_table: str
    cart_shoppers_table: str
    cart_timers_table: str
    contacts_table: str
    customers_table: str
    mail_log_table: str
    offers_table: str
    products_table: str


def cart_sweep(
    client: "DynamoDBClient",
    tables: Tables,
    *,
    plan: EngagementPlan,
    signing_keys: SigningKeys,
    hash_key: bytes,
    bus: Bus,
    mail_queue: MessageQueue,
    pages_url: str,
) -> CartSweep:
    """`pages_url`: where our pages are."""
    settings = plan.settings(CartNudgeSettings)
    carts, log = Carts(client, tables.carts_table), MailLog(client, tables.mail_log_table)
    shoppers = Shoppers(client, tables.cart_shoppers_table)
    judging = Judging(
        client=client,
        carts=carts,
        shoppers=shoppers,
        products=Products(client, tables.products_table),
        profiles=Profiles(client, tables.customers_table),
        contacts=Contacts(client, tables.contacts_table),
        log=log,
        plan=plan,
        settings=settings,
        hash_key=hash_key,
    )
    handing_over = HandingOver(
        mails=CartMails(
            composer=MailComposer("cart_nudges", plan, signing_keys, pages_url),
            keys=signing_keys,
            pages_url=pages_url,
            plan=plan,
            settings=settings,
        ),
        shoppers=shoppers,
        offers=Offers(client, tables.offers_table, hash_key, plan.offers),
        bus=bus,
        mail_queue=mail_queue,
        settings=settings,
    )
    learning = Learning(
        client=client,
        log=log,
        judging=judging,
        handing_over=handing_over,
        bus=bus,
        mail_queue=mail_queue,
        settings=settings,
    )
    return CartSweep(
        client=client,
        carts=carts,
        timers=CartTimers(client, tables.cart_timers_table),
        nudging=Nudging(judging, handing_over, learning, mail_queue, settings),
        leaving=Leaving(judging, bus, settings),
        settings=settings,
    )
