"""The orders that a capability gives to the mail path, as they lie on MailQueue and BulkMailQueue."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints

from engagement.events.base import Identifier, Instant
from engagement.events.customers import Locale, Topic

# `campaign:subject:occasion`. ASCII, and no longer: as a tag (below) it must fit SES's 256 characters.
SendKey = Annotated[str, StringConstraints(max_length=190, pattern=r"^[a-z][a-z_]*(:[A-Za-z0-9_.@/+=~-]+)+$")]
# As a header it must fit SES's 996 characters, name included.
UnsubscribeUrl = Annotated[
    str, StringConstraints(max_length=950, pattern=r"^https://[A-Za-z0-9_.:/?&=%~+-]+$")
]

SUBJECT_LENGTH = 200

# Which of several forms of a mail this is.
Variant = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Reason = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class _Order(BaseModel):
    # What a newer version of us put in stays in when an older one, during a deployment, puts the order back.
    model_config = ConfigDict(frozen=True, extra="allow")

    send_key: SendKey


class Premise(BaseModel):
    """What the mail was written upon: an item of its capability's, and what attributes of it must still be.

    `table` is the table's physical name. It is looked at once more before the mail leaves, and again just before SES is
    asked. Where there is no such item, it has no attributes.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    table: str
    key: dict[str, str]
    # None: there is no such attribute.
    still: dict[str, str | None]


@dataclass(frozen=True)
class Handling:
    """What the mail path is to mind about a mail besides what it minds about all."""

    premises: tuple[Premise, ...] = ()
    # What becomes of a mail that is no longer true: it is skipped for good; or it is left undecided, because its
    # capability hands a new one over under the same send key if there is anything left to say.
    if_untrue: Literal["skip", "leave"] = "skip"
    in_quiet_hours: Literal["wait", "skip"] = "wait"
    over_the_cap: Literal["wait", "skip"] = "skip"
    # All is asked as for any mail, and where it would leave it is skipped as `withheld`: an experiment's holdout.
    withheld: bool = False


class SendMail(_Order):
    """Send this rendered mail to this customer, once. The address is looked up when it is sent."""

    order: Literal["SendMail"] = "SendMail"
    campaign: Topic
    topic: Topic
    kind: Literal["marketing", "transactional"]
    customer_id: Identifier
    locale: Locale
    subject: Annotated[str, StringConstraints(min_length=1, max_length=SUBJECT_LENGTH, pattern=r"^[^\r\n]+$")]
    html: Annotated[str, StringConstraints(min_length=1, max_length=200_000)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
    unsubscribe_url: UnsubscribeUrl
    # After this instant the mail is of no use, and is skipped.
    useful_until: Instant
    # Counted apart.
    variant: Variant = "standard"
    # As `Handling` has it.
    premises: tuple[Premise, ...] = ()
    if_untrue: Literal["skip", "leave"] = "skip"
    in_quiet_hours: Literal["wait", "skip"] = "wait"
    over_the_cap: Literal["wait", "skip"] = "skip"
    withheld: bool = False


class CancelMail(_Order):
    """Do not send the mail with this send key, if it has not left yet. `reason` is one word for the log."""

    order: Literal["CancelMail"] = "CancelMail"
    reason: Reason


class SkipMail(_Order):
    """Keep in the mail log that this mail, which nobody has composed, is not sent, and why (one word).

    Where the log has an entry under the send key already, that stays.
    """

    order: Literal["SkipMail"] = "SkipMail"
    campaign: Topic
    customer_id: Identifier
    variant: Variant = "standard"
    reason: Reason


class MailOrder(RootModel[Annotated[SendMail | CancelMail | SkipMail, Field(discriminator="order")]]):
    """Any of the orders, told apart by its `order`."""


def subject_of(send_key: str) -> str:
    """The cart, order or customer that a send key names, to be found in the log under its `subject_ref`."""
    return send_key.split(":")[1]


def send_key_tag(send_key: str) -> str:
    """A send key in the letters that SES allows in a message's tag; SES's events bring it back."""
    return urlsafe_b64encode(send_key.encode()).rstrip(b"=").decode()


def send_key_of(tag: str) -> str:
    """The send key in a tag that `send_key_tag` made. Raises ValueError for any other."""
    return urlsafe_b64decode(tag + "=" * (-len(tag) % 4)).decode()
