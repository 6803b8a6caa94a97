"""What SES needs before a mail arrives where it should: the domain proven, the account open, its events told."""

from collections.abc import Iterator, Mapping
from typing import Any

from rishta_cli.stacks import Stack

_DNS = (
    "put the records of the stack's output DnsRecords into the domain's DNS; SES looks again for three days"
)
# Without these the fuse is blind, and whoever complained would be mailed again.
_NEEDED_EVENTS = {"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT"}


def sending_faults(stack: Stack) -> Iterator[str]:
    """What is wrong, a line each, with what to do about it. Raises botocore's ClientError."""
    client = stack.client("sesv2")
    for domain in stack.of_type("AWS::SES::EmailIdentity").values():
        yield from _identity_faults(client.get_email_identity(EmailIdentity=domain), domain)
    for name in stack.of_type("AWS::SES::ConfigurationSet").values():
        answer = client.get_configuration_set_event_destinations(ConfigurationSetName=name)
        yield from _event_faults(answer["EventDestinations"], name)
    yield from account_faults(client.get_account())


def account_faults(account: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with SES's account as a whole."""
    if not account["SendingEnabled"]:
        yield "SES takes no mail of this account at present: see the account's health in SES's console"
    elif account.get("EnforcementStatus") == "PROBATION":
        yield "SES has this account under review, and may pause it: see the account's health in SES's console"
    # moto's account says nothing of it.
    if not account.get("ProductionAccessEnabled", True):
        yield "SES is in its sandbox, only verified addresses get mail: ask AWS for production access"


def _identity_faults(identity: dict[str, Any], domain: str) -> Iterator[str]:
    if not identity.get("VerifiedForSendingStatus"):
        yield f"{domain} is not proven to be yours: {_DNS}"
    dkim = identity.get("DkimAttributes", {})
    if dkim.get("Status") != "SUCCESS":
        yield f"DKIM of {domain} is {dkim.get('Status', 'not set up')}: {_DNS}"
    elif not dkim.get("SigningEnabled", True):
        yield f"DKIM of {domain} is there and not used: aws sesv2 put-email-identity-dkim-attributes"
    sender = identity.get("MailFromAttributes", {})
    if sender.get("MailFromDomain") and sender.get("MailFromDomainStatus") != "SUCCESS":
        status = sender.get("MailFromDomainStatus", "PENDING")
        yield f"bounces to {sender['MailFromDomain']} are {status}, so SPF is not the shop's own: {_DNS}"


def _event_faults(destinations: list[dict[str, Any]], name: str) -> Iterator[str]:
    told = {
        str(kind).upper()
        for each in destinations
        if each.get("Enabled") and "EventBridgeDestination" in each
        for kind in each.get("MatchingEventTypes", [])
    }
    if missing := sorted(_NEEDED_EVENTS - told):
        yield f"{name} tells nobody of {', '.join(missing).lower()}: deploy again, its event destination was changed"
