"""The mailbox page: every mail as a mail client shows it."""

from email.utils import parseaddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local_cloud.cloud import SentMail
from rishta_cli.demo.ending import send_key_of


def inbox_page(mails: list[SentMail]) -> str:
    """One self-contained HTML page, without a script; each mail's own HTML stands in a sandboxed frame."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    shown = [
        {
            "mail": mail,
            "to": mail.to[0],
            "sender": parseaddr(mail.sender)[0] or mail.sender,
            "send_key": send_key_of(mail),
            "locale": mail.tags["Locale"],
            "language": mail.tags["Locale"].partition("-")[0],
        }
        for mail in mails
    ]
    return environment.get_template("inbox.html").render(mails=shown)
