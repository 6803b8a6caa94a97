"""SES as far as the functions see it: accepts or rejects a mail, keeps it, and reports what became of it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.handlers import BUILTIN_HANDLERS

from local_cloud.aws_environment import ACCOUNT, REGION
from local_cloud.declared import Senders
from local_cloud.mail_events import later_event, ses_events
from local_cloud.sent_mail import SentMail

_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HEADERS_AT_MOST = 15
_HEADER_LENGTH_AT_MOST = 996
_RECIPIENTS_AT_MOST = 50


class _RejectedError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Mailbox:
    """Answers SESv2 SendEmail in moto's place, which drops the headers and texts of simple mails; and GetAccount."""

    def __init__(self) -> None:
        self.mails: list[SentMail] = []
        self.senders = Senders((), {})
        # Mails a second. So many that nobody waits for a turn: the clock stands still while a function runs.
        self.send_rate = 100_000.0
        self._unreported: list[SentMail] = []
        self._later: list[dict[str, Any]] = []
        self._handlers = [
            ("before-parameter-build.sesv2.SendEmail", self._remember),
            ("before-call.sesv2.SendEmail", self._answer),
            ("before-call.sesv2.GetAccount", self._tell_account),
        ]

    def install(self) -> None:
        BUILTIN_HANDLERS.extend(self._handlers)

    def remove(self) -> None:
        for handler in self._handlers:
            BUILTIN_HANDLERS.remove(handler)
        self._handlers.clear()

    def grants(self, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The (action, resource ARN) pairs a SendEmail needs: the sender's identity and the configuration set."""
        address = parseaddr(params.get("FromEmailAddress", ""))[1]
        identity = self._identity(address) or address.rpartition("@")[2]
        yield "ses:SendEmail", params.get("FromEmailAddressIdentityArn") or _arn("identity", identity)
        if name := params.get("ConfigurationSetName"):
            yield "ses:SendEmail", _arn("configuration-set", name)

    def take_events(self) -> list[dict[str, Any]]:
        """The PutEvents entries for the default bus about all mails, and what became of them, since the last time."""
        mails, self._unreported = self._unreported, []
        later, self._later = self._later, []
        return [
            entry
            for mail in mails
            if mail.configuration_set is not None
            for entry in ses_events(
                mail, self._wanted(mail.configuration_set), _arn("configuration-set", mail.configuration_set)
            )
        ] + later

    def happened(self, mail: SentMail, kind: str, part: Mapping[str, Any]) -> None:
        """Something became of a mail just now; it is told where the mail's configuration set wants to know."""
        name = str(mail.configuration_set)
        told = (self._wanted(name), _arn("configuration-set", name))
        self._later += later_event(mail, kind, part, datetime.now(UTC), *told)

    def _wanted(self, configuration_set: str) -> frozenset[str]:
        return self.senders.configuration_sets.get(configuration_set, frozenset())

    def _remember(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["local_cloud_mail"] = params

    def _answer(self, context: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        metadata: dict[str, Any] = {
            "RequestId": f"ses-{len(self.mails) + 1}",
            "HTTPHeaders": {},
            "RetryAttempts": 0,
        }
        parsed: dict[str, Any]
        try:
            mail = self._accept(context["local_cloud_mail"])
            status, parsed = 200, {"MessageId": mail.message_id}
        except _RejectedError as rejected:
            status, parsed = 400, {"Error": {"Code": rejected.code, "Message": str(rejected)}}
        metadata["HTTPStatusCode"] = status
        response = AWSResponse("https://email.local", status, HTTPHeaders(), None)
        return response, {**parsed, "ResponseMetadata": metadata}

    def _tell_account(self, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        quota = {
            "Max24HourSend": 10_000_000.0,
            "MaxSendRate": self.send_rate,
            "SentLast24Hours": len(self.mails),
        }
        metadata = {"RequestId": "ses-account", "HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
        account = {"SendingEnabled": True, "ProductionAccessEnabled": True, "SendQuota": quota}
        response = AWSResponse("https://email.local", 200, HTTPHeaders(), None)
        return response, {**account, "ResponseMetadata": metadata}

    def _accept(self, params: Mapping[str, Any]) -> SentMail:
        destination = params.get("Destination", {})
        to = tuple(each for kind in ("To", "Cc", "Bcc") for each in destination.get(f"{kind}Addresses", []))
        content = params["Content"]
        tags = {tag["Name"]: tag["Value"] for tag in params.get("EmailTags", [])}
        configuration_set = params.get("ConfigurationSetName")
        parts = _raw_parts(content["Raw"]["Data"]) if "Raw" in content else _simple_parts(content)
        sender = params.get("FromEmailAddress") or parts["headers"].get("From", "")
        self._check(sender, to, content.get("Simple", {}).get("Headers", []), tags, configuration_set)
        mail = SentMail(
            to=to,
            sender=sender,
            tags=tags,
            configuration_set=configuration_set,
            message_id=f"0107{len(self.mails) + 1:012x}-local-000000",
            sent_at=datetime.now(UTC),
            reply_to=tuple(params.get("ReplyToAddresses", [])),
            **parts,
        )
        self.mails.append(mail)
        self._unreported.append(mail)
        return mail

    def _check(
        self,
        sender: str,
        to: tuple[str, ...],
        headers: Sequence[Mapping[str, str]],
        tags: Mapping[str, str],
        configuration_set: str | None,
    ) -> None:
        address = parseaddr(sender)[1]
        if self.senders.identities and self._identity(address) is None:
            message = f"Email address is not verified. The following identities failed the check: {address}"
            raise _RejectedError("MessageRejected", message)
        known = self.senders.configuration_sets
        if configuration_set is not None and known and configuration_set not in known:
            raise _RejectedError(
                "NotFoundException", f"Configuration set <{configuration_set}> does not exist."
            )
        if not 1 <= len(to) <= _RECIPIENTS_AT_MOST:
            raise _RejectedError(
                "BadRequestException", f"{len(to)} recipients: between 1 and 50 are allowed."
            )
        if len(headers) > _HEADERS_AT_MOST:
            raise _RejectedError("BadRequestException", f"{len(headers)} headers: at most 15 are allowed.")
        for name, value in ((header["Name"], header["Value"]) for header in headers):
            if len(name) + len(value) > _HEADER_LENGTH_AT_MOST or not (name + value).isascii():
                raise _RejectedError("BadRequestException", f"Header {name} is too long or not ASCII.")
        for name, value in tags.items():
            if not _TAG.fullmatch(name) or not _TAG.fullmatch(value):
                raise _RejectedError("BadRequestException", f"Tag {name}={value!r} is invalid.")

    def _identity(self, address: str) -> str | None:
        """The verified identity that covers an address: itself, its domain, or a parent of its domain."""
        verified = {identity.lower(): identity for identity in self.senders.identities}
        labels = address.lower().rpartition("@")[2].split(".")
        candidates = [address.lower(), *(".".join(labels[start:]) for start in range(len(labels)))]
        return next((verified[each] for each in candidates if each in verified), None)


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:ses:{REGION}:{ACCOUNT}:{kind}/{name}"


def _simple_parts(content: Mapping[str, Any]) -> dict[str, Any]:
    if "Simple" not in content:
        raise _RejectedError("BadRequestException", "Only simple and raw mails can be sent here.")
    simple = content["Simple"]
    body = simple["Body"]
    return {
        "subject": simple["Subject"]["Data"],
        "html": body.get("Html", {}).get("Data", ""),
        "text": body.get("Text", {}).get("Data", ""),
        "headers": {header["Name"]: header["Value"] for header in simple.get("Headers", [])},
    }


def _raw_parts(data: bytes) -> dict[str, Any]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    return {
        "subject": str(message["Subject"] or ""),
        "html": html.get_content() if html is not None else "",
        "text": text.get_content() if text is not None else "",
        "headers": {name: str(value) for name, value in message.items()},
    }
