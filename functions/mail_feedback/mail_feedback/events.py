"""SES's events, as EventBridge wraps them: what of them is used."""

from email.utils import parseaddr
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


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
    address: Address = Field(alias="emailAddress")


class Mail(_Part):
    """The mail an event is about; `tags` are those it was sent with, each as a list."""

    message_id: str = Field(alias="messageId")
    tags: dict[str, list[str]] = {}

    def tag(self, name: str) -> str | None:
        return next(iter(self.tags.get(name, ())), None)


class Bounce(_Part):
    """Permanent: a hard bounce, the mailbox does not exist. Transient and Undetermined: soft, it may take the next."""

    kind: Literal["Permanent", "Transient", "Undetermined"] = Field(alias="bounceType")
    recipients: tuple[Recipient, ...] = Field(alias="bouncedRecipients")


class Complaint(_Part):
    recipients: tuple[Recipient, ...] = Field(alias="complainedRecipients")


class SesEvent(_Part):
    """An event's detail. Kinds that no one here asks about are valid, and nothing follows from them."""

    kind: str = Field(alias="eventType")
    mail: Mail
    bounce: Bounce | None = None
    complaint: Complaint | None = None

    @model_validator(mode="after")
    def _says_what_happened(self) -> Self:
        if self.kind == "Bounce" and self.bounce is None:
            raise ValueError("a Bounce without its bounce")
        if self.kind == "Complaint" and self.complaint is None:
            raise ValueError("a Complaint without its complaint")
        return self


class SesEnvelope(_Part):
    source: Literal["aws.ses"]
    detail: SesEvent
