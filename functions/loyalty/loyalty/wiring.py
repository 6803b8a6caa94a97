"""How the parts of the sweep hang together."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from engagement.bus import Bus
from engagement.mail_composer import MailComposer
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue
from engagement.secret_keys import SigningKeys
from loyalty.letters import Letters
from loyalty.outbox import Outbox
from loyalty.sweeping import LoyaltySweep
from loyalty.table import Ledger
from loyalty.terms import Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Tables(BaseModel):
    """The tables' physical names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    customers_table: str
    loyalty_table: str


def loyalty_sweep(
    client: "DynamoDBClient",
    tables: Tables,
    *,
    plan: EngagementPlan,
    signing_keys: SigningKeys,
    bus: Bus,
    mail_queue: MessageQueue,
    bulk_mail_queue: MessageQueue,
    pages_url: str,
) -> LoyaltySweep:
    """`pages_url`: where our pages are."""
    ledger, terms = Ledger(client, tables.loyalty_table), Terms.of(plan)
    letters = Letters(
        composer=MailComposer("loyalty", plan, signing_keys, pages_url),
        profiles=Profiles(client, tables.customers_table),
        mail_queue=mail_queue,
        bulk_mail_queue=bulk_mail_queue,
        keys=signing_keys,
        pages_url=pages_url,
        plan=plan,
        terms=terms,
    )
    return LoyaltySweep(ledger, Outbox(ledger, bus, letters, terms), terms)
