"""How the parts of the sweep hang together."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from engagement.bus import Bus
from engagement.mail_composer import MailComposer
from engagement.mail_log import MailLog
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue
from engagement.secret_keys import SigningKeys
from review_requests.campaign import ReviewRequestSettings
from review_requests.composing import RequestMails
from review_requests.handing_over import HandingOver
from review_requests.looking import Looking
from review_requests.sweeping import RequestSweep
from review_requests.table import ReviewRequests

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Tables(BaseModel):
    """The tables' physical names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    customers_table: str
    mail_log_table: str
    review_requests_table: str


def request_sweep(
    client: "DynamoDBClient",
    tables: Tables,
    *,
    plan: EngagementPlan,
    signing_keys: SigningKeys,
    bus: Bus,
    mail_queue: MessageQueue,
    pages_url: str,
) -> RequestSweep:
    """`pages_url`: where our pages are."""
    requests = ReviewRequests(client, tables.review_requests_table)
    mails = RequestMails(
        composer=MailComposer("review_requests", plan, signing_keys, pages_url),
        keys=signing_keys,
        pages_url=pages_url,
        plan=plan,
    )
    looking = Looking(
        client=client,
        requests=requests,
        profiles=Profiles(client, tables.customers_table),
        log=MailLog(client, tables.mail_log_table),
        handing_over=HandingOver(mails, requests, bus, mail_queue, plan),
        plan=plan,
        settings=plan.settings(ReviewRequestSettings),
    )
    return RequestSweep(requests, looking)
