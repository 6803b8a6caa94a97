"""The mail path on the real engine, with a fake SES, and trouble where a test wants it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError, ReadTimeoutError

from engagement.consent import Consent
from engagement.items import from_item, to_item
from engagement.mail_log import MailLog
from engagement.mail_orders import SendMail
from engagement.plan import engagement_plan
from engagement.profiles import Profiles
from engagement.suppression import Suppression
from mail_delivery.delivery import MailDelivery
from mail_delivery.ses import Ses

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Kill(BaseException):
    """The worker is gone."""


def throttled() -> Exception:
    answer: Any = {
        "Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"},
        "ResponseMetadata": {"HTTPStatusCode": 429},
    }
    return ClientError(answer, "Any")


def broken() -> Exception:
    answer: Any = {"Error": {"Code": "InternalFailure"}, "ResponseMetadata": {"HTTPStatusCode": 500}}
    return ClientError(answer, "Any")


def unanswered() -> Exception:
    return ReadTimeoutError(endpoint_url="https://aws.example.com")


@dataclass
class Trouble:
    """Strikes at the call of this number, before it has its effect or after; `lasting`: and at every later one."""

    at: int = 0
    moment: Literal["before", "after"] = "before"
    error: Callable[[], BaseException] = throttled
    lasting: bool = False
    calls: list[str] = field(default_factory=list)

    def meet(self, name: str, call: Callable[..., Any], parameters: dict[str, Any]) -> Any:
        self.calls.append(name)
        number = len(self.calls)
        struck = number == self.at or (self.lasting and 0 < self.at < number)
        if struck and (self.moment == "before" or number > self.at):
            raise self.error()
        answer = call(**parameters)
        if struck:
            raise self.error()
        return answer


class FakeSes:
    """Accepts everything, and counts."""

    def __init__(self) -> None:
        self.accepted: list[str] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        self.accepted.append(request["EmailTags"][0]["Value"])
        return {"MessageId": f"0107-{len(self.accepted)}"}


class Troubled:
    """A client whose calls meet trouble."""

    def __init__(self, client: Any, trouble: Trouble) -> None:
        self._client, self._trouble = client, trouble

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "exceptions":
            return attribute
        return lambda **parameters: self._trouble.meet(name, attribute, parameters)


@dataclass
class House:
    dynamodb: "DynamoDBClient"
    tables: dict[str, str]
    ses: FakeSes

    def worker(self, trouble: Trouble | None = None) -> MailDelivery:
        client = cast("DynamoDBClient", Troubled(self.dynamodb, trouble or Trouble()))
        ses: Any = Troubled(self.ses, trouble or Trouble())
        return MailDelivery(
            log=MailLog(client, self.tables["MailLogTable"]),
            profiles=Profiles(client, self.tables["CustomersTable"]),
            consent=Consent(client, self.tables["ConsentTable"]),
            suppression=Suppression(client, self.tables["SuppressionTable"], b"k" * 32),
            ses=Ses(
                ses,
                shop_name="Chai",
                sender_address="hello@shop.example.com",
                configuration_set="rishta-mail",
            ),
            plan=engagement_plan(),
        )

    def deliver(
        self, order: SendMail, trouble: Trouble, receives: list[datetime], *, troubled: int = 1
    ) -> bool:
        """As the queue does, until the message is done with; `troubled`: how many deliveries meet the trouble."""
        for number, now in enumerate(receives):
            trouble.calls.clear()
            worker = self.worker(trouble if number < troubled else None)
            with suppress(Exception, Kill):
                worker.carry_out(order, now)
                return True
        return False

    def status(self, order: SendMail) -> str | None:
        answer = self.dynamodb.get_item(
            TableName=self.tables["MailLogTable"], Key=to_item({"send_key": order.send_key})
        )
        return str(from_item(answer["Item"])["mail_status"]) if "Item" in answer else None
