"""Viewing a mail in the browser: the link at its top."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from engagement.errors import InvalidTokenError
from engagement.mail_composer import VIEW_MAIL
from engagement.notices import Notices
from engagement.observability import explanation, logger
from engagement.private_pages import private_page_headers
from engagement.profiles import Profiles
from engagement.secret_keys import SigningKeys
from engagement.signed_tokens import read_token
from mail_delivery.mail_pages import MailPages

# The mail's own styles and the shop's pictures; nothing that sends.
_HEADERS = private_page_headers("img-src https:; style-src 'unsafe-inline'; form-action 'none'")


@dataclass(frozen=True)
class Viewing:
    pages: MailPages
    profiles: Profiles
    keys: SigningKeys
    notices: Notices

    def answer(self, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0): the mail as it was sent; 404 where the link is not ours, the
        mail is too old, or its customer was erased. Changes nothing.
        """
        query = parse_qs(event.get("rawQueryString", ""))
        wanted = query.get("lang", [""])[0]
        try:
            html = self._mail(query.get("token", [""])[0], now)
        except Exception as error:  # noqa: BLE001 - a person waits for a page, whatever is the matter
            logger().error("mail not shown", extra=explanation(error))
            return self.notices.answer("trouble", 503, wanted, to_anybody=True)
        if html is None:
            return self.notices.answer("gone", 404, wanted, to_anybody=True)
        return {"statusCode": 200, "headers": _HEADERS, "body": html}

    def _mail(self, token: str, now: datetime) -> str | None:
        try:
            claims = read_token(self.keys, VIEW_MAIL, token)
        except InvalidTokenError:
            return None
        if self.profiles.get(claims["customer_id"]) is None:
            return None
        return self.pages.find(claims["customer_id"], claims["send_key"], now)
