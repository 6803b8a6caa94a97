"""What comes on the queue: SES's events, as EventBridge wraps them, and facts of the shop's bus.

The parts of an event that are used are as SES documents them for all its destinations:
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import json
from collections.abc import Callable
from email.utils import parseaddr
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

_SES = "aws.ses"


def _bare(mailbox: str) -> str:
    address = parseaddr(mailbox)[1]
    if "@" not in address:
        raise ValueError("not an address")
    return address


# Some receivers report `Asha <asha@…>`.
Address = Annotated[str, AfterValidator(_bare)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Recipient(_Part):
    """`status` (5.1.1) is there if the receiving server's own notification of its failure was."""

    address: Address = Field(alias="emailAddress")
    status: str | None = None


class Mail(_Part):
    """The mail an event is about, sent at `timestamp`; `tags` are those it was sent with, each as a list."""

    message_id: str = Field(alias="messageId")
    timestamp: AwareDatetime
    tags: dict[str, list[str]] = {}

    def tag(self, name: str) -> str | None:
        return next(iter(self.tags.get(name, ())), None)


class _Happening(_Part):
    # A Send, a Reject and a Rendering Failure have none: they are as of the mail's own.
    timestamp: AwareDatetime | None = None


class Bounce(_Happening):
    """Permanent: a hard bounce, the mailbox does not exist. Transient and Undetermined: soft, it may take the next."""

    kind: Literal["Permanent", "Transient", "Undetermined"] = Field(alias="bounceType")
    subtype: str = Field(default="", alias="bounceSubType")
    recipients: tuple[Recipient, ...] = Field(alias="bouncedRecipients")


class Complaint(_Happening):
    """`feedback_type` is the receiver's word (`abuse`, `not-spam`, …), where it says one."""

    recipients: tuple[Recipient, ...] = Field(alias="complainedRecipients")
    feedback_type: str | None = Field(default=None, alias="complaintFeedbackType")


class Engagement(_Happening):
    """An image of the mail was fetched, or a link of it was followed, by a program of this name."""

    user_agent: str = Field(default="", alias="userAgent")


# The kinds that say nothing without their part, which has this name in the event.
_PARTS = {"Bounce": "bounce", "Complaint": "complaint", "Open": "opening", "Click": "click"}


class SesEvent(_Part):
    """An event's detail. Kinds that no one here asks about are valid, and nothing follows from them."""

    kind: str = Field(alias="eventType")
    mail: Mail
    delivery: _Happening | None = None
    delay: _Happening | None = Field(default=None, alias="deliveryDelay")
    bounce: Bounce | None = None
    complaint: Complaint | None = None
    opening: Engagement | None = Field(default=None, alias="open")
    click: Engagement | None = None
    subscription: _Happening | None = None

    @model_validator(mode="after")
    def _says_what_happened(self) -> Self:
        part = _PARTS.get(self.kind)
        if part and getattr(self, part) is None:
            raise ValueError(f"a {self.kind} without its {part}")
        return self

    @property
    def at(self) -> AwareDatetime:
        """When it happened."""
        parts = (
            self.delivery,
            self.delay,
            self.bounce,
            self.complaint,
            self.opening,
            self.click,
            self.subscription,
        )
        return next((part.timestamp for part in parts if part and part.timestamp), self.mail.timestamp)


class SesEnvelope(_Part):
    source: Literal["aws.ses"]
    detail: SesEvent


def by_source(body: str, *, from_ses: Callable[[str], Any], from_the_shop: Callable[[str], Any]) -> None:
    """Hand a queue message's body to whom it is for. What is nobody's goes to the first, who says what is wrong."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    facts_source = isinstance(content, dict) and content.get("source") not in (None, _SES)
    (from_the_shop if facts_source else from_ses)(body)
