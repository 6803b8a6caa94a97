"""SES: the request for one mail, and what its answers mean for the next try."""

from email.header import Header
from email.utils import formataddr
from typing import TYPE_CHECKING

from engagement.errors import EngagementError, RetryLaterError
from engagement.mail_orders import SendMail, send_key_tag

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import SendEmailRequestTypeDef

_UTF8 = "UTF-8"
_ENCODED_WORD = 75  # RFC 2047's longest; a name of more is written as several

# The rate is used up: the next second has another. (TooManyRequestsException is this API's name for it, the other the
# older one's.)
_THROTTLES = {"TooManyRequestsException", "ThrottlingException", "LimitExceededException"}
# The same exceptions tell of a quota by their text: "Daily message quota exceeded."
_DAILY_QUOTA = "quota"
# Nothing of this account, or of this stack, may be sent: somebody has to do something, or a day has to pass.
_STOPS = {
    "AccountSuspendedException": "account_suspended",
    "SendingPausedException": "sending_paused",
    "MailFromDomainNotVerifiedException": "domain_not_verified",
}
# SES refuses the mail for what it is. It would do so again.
_REFUSALS = {"MessageRejected", "BadRequestException"}
# A MessageRejected of this text is the sender's state and not the mail's: the domain's DNS records are missing yet, or
# the account is in SES's sandbox.
_UNVERIFIED = "not verified"
# And so are these: "Sending paused for this account", as the older API said it.
_ACCOUNTS_OWN = ("paused", "suspended", "for this account")
_TOO_MANY = 429
_CLIENT_ERROR = 4  # a status of 4xx
# The client fails before a byte of the request is out.
_NEVER_LEFT = {
    "ConnectTimeoutError",
    "CredentialRetrievalError",
    "EndpointConnectionError",
    "NoCredentialsError",
    "ParamValidationError",
    "PartialCredentialsError",
    "ProxyConnectionError",
}


class RejectedError(EngagementError):
    """SES refuses this mail, whenever it is asked."""


class NotSentError(RetryLaterError):
    """SES surely did not take the mail."""


class ThrottledError(NotSentError):
    """The rate is used up."""


class UnreachableError(NotSentError):
    """SES could not be asked."""


class StoppedError(NotSentError):
    """SES takes no mail of ours at all; `because` is one word."""

    def __init__(self, because: str) -> None:
        super().__init__(f"SES takes no mail: {because}")
        self.because = because


class OutcomeUnknownError(RetryLaterError):
    """Nobody can tell whether SES took the mail."""


class Ses:
    """The sender's identity at SES. `client` retries nothing by itself: SES has no idempotency token."""

    def __init__(
        self, client: "SESV2Client", shop_name: str, sender_address: str, configuration_set: str
    ) -> None:
        self._client = client
        self._from = from_header(shop_name, sender_address)
        self._configuration_set = configuration_set

    def send(self, order: SendMail, address: str) -> str:
        """Ask SES once; its message id. Raises RejectedError, a NotSentError or OutcomeUnknownError."""
        request = send_request(order, address, sender=self._from, configuration_set=self._configuration_set)
        try:
            return self._client.send_email(**request)["MessageId"]
        except Exception as error:
            raise meaning_of(error) from error


def send_request(
    order: SendMail, address: str, *, sender: str, configuration_set: str
) -> "SendEmailRequestTypeDef":
    """SendEmail's parameters for one mail to one customer, with unsubscribing by one click (RFC 8058)."""
    return {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [address]},
        "Content": {
            "Simple": {
                "Subject": {"Data": order.subject, "Charset": _UTF8},
                "Body": {
                    "Html": {"Data": order.html, "Charset": _UTF8},
                    "Text": {"Data": order.text, "Charset": _UTF8},
                },
                "Headers": [
                    {"Name": "List-Unsubscribe", "Value": f"<{order.unsubscribe_url}>"},
                    {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
                ],
            }
        },
        "ConfigurationSetName": configuration_set,
        "EmailTags": [
            {"Name": "SendKey", "Value": send_key_tag(order.send_key)},
            {"Name": "Campaign", "Value": order.campaign},
            {"Name": "Variant", "Value": order.variant},
            {"Name": "Locale", "Value": order.locale},
        ],
    }


def from_header(shop_name: str, sender_address: str) -> str:
    """`"Tea, Inc." <hello@…>`; SES takes ASCII alone, so another name comes as RFC 2047's encoded words."""
    if shop_name.isascii():
        return formataddr((shop_name, sender_address))
    words = Header(shop_name, "utf-8", maxlinelen=_ENCODED_WORD).encode(linesep="")
    return f"{words} <{sender_address}>"


def meaning_of(error: Exception) -> RejectedError | NotSentError | OutcomeUnknownError:
    """What an error of SendEmail tells about the mail; one that is not known to be harmless leaves it unknown.

    A 4xx comes before SES takes a mail; one that is nobody's mail in particular (a role that may not, a configuration
    set that is missing) stops all. After a timeout, a broken connection or a 5xx the mail may be on its way.
    """
    kind = type(error).__name__
    if kind in _NEVER_LEFT:
        return UnreachableError(f"SES could not be asked: {kind}")
    answer = getattr(error, "response", None) or {}
    code = str(answer.get("Error", {}).get("Code", ""))
    message = str(answer.get("Error", {}).get("Message", ""))
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _REFUSALS:
        if _UNVERIFIED in message:
            return StoppedError("not_verified")
        paused = any(word in message.lower() for word in _ACCOUNTS_OWN)
        return StoppedError("sending_paused") if paused else RejectedError(f"SES refuses the mail: {code}")
    if code in _THROTTLES or "Throttl" in code or status == _TOO_MANY:
        daily = _DAILY_QUOTA in message.lower()
        return StoppedError("daily_quota") if daily else ThrottledError(f"SES's rate is used up: {code}")
    if code in _STOPS or status // 100 == _CLIENT_ERROR:
        return StoppedError(_STOPS.get(code, "not_allowed"))
    return OutcomeUnknownError(f"SES's answer is missing: {code or kind}")
