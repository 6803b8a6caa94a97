"""The hot paths, each at the moment before it runs: a shop on the local cloud lives through them, and all is written
down that the function finds then.

Everything happens in the last hours before now: who is timed does so by the machine's clock.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3

from in_the_cloud import tell
from local_cloud.aws_environment import base_environment
from local_cloud.cloud import LocalCloud
from local_cloud.runtime import Runtime
from reviews_in_the_cloud import asked_by_the_shop
from shop_facts import (
    a_line,
    a_paid_line,
    cart_updated,
    days,
    hours,
    order_paid,
    order_placed,
    product_changed,
    registered,
    rupees,
    scheduled,
)
from tests.conftest import table_definition

# So many nudges fall due at once: the pages of the sweep, and batches of mails.
CROWD = 20
# What is measured: the function in which it happens, and what its event speaks of.
PATHS: Mapping[str, tuple[str, str]] = {
    "cart update": ("CartNudgesFactsFunction", "CartUpdated"),
    "order accrual": ("LoyaltyFactsFunction", "OrderPaid"),
    "mail sent": ("MailDeliveryFunction", "send_key"),
    "sweep page": ("CartNudgesSweepFunction", "scheduled_at"),
    "mail opened": ("MailFeedbackFunction", "Open"),
    "customer registered": ("CustomerProfilesFactsFunction", "CustomerRegistered"),
    "rating shown": ("ReviewsRatingsFunction", "ratings"),
    "nudge clicked": ("CartNudgesPageFunction", "token"),
}


@dataclass(frozen=True)
class Scene:
    """`items` by table, `definitions` as CreateTable has them, `parameters` of SSM, all as they were at that moment."""

    function: str
    room: str
    handler: str
    environment: Mapping[str, str]
    event: Any
    definitions: Mapping[str, Any]
    items: Mapping[str, Any]
    parameters: Mapping[str, str]


def scenes() -> dict[str, Scene]:
    """By the names of PATHS, and `mails`: all mails of the crowd's as one event."""
    now = datetime.now(UTC)
    with LocalCloud(now=now - hours(3)) as cloud:
        cloud.schedules_paused |= cloud.functions.keys()
        with _watched(cloud) as seen:
            _live(cloud)
    found = {name: seen[name][-1] for name in PATHS}
    mails = seen["mail sent"]
    records = [record for each in mails for record in each.event["Records"]]
    found["mails"] = _with_event(mails[0], {"Records": records})
    found["mail sent"] = _with_event(mails[0], {"Records": records[:1]})
    return found


def write(found: Mapping[str, Scene], path: Path) -> None:
    """For `fake_aws.py`."""
    known = {name: asdict(scene) for name, scene in found.items()}
    path.write_text(json.dumps(known, default=_on_the_wire), encoding="utf-8")


def _on_the_wire(value: bytes) -> str:
    return b64encode(value).decode()


def _live(cloud: LocalCloud) -> None:
    begin = cloud.now
    zone = _noon(begin)
    customers = [f"cust-{number:02d}" for number in range(CROWD)]
    tell(cloud, *(registered(each, time_zone=zone, occurred_at=begin - days(60)) for each in customers))
    tell(
        cloud,
        product_changed(occurred_at=begin - days(1)),
        product_changed("clay-cup", occurred_at=begin - days(1)),
    )
    lines = (a_line("Assam tea"), a_line("Clay cup"), a_line("Green tea", quantity=2))
    for minute in range(2):  # filled, and changed
        about: dict[str, Any] = {"lines": lines[: 2 + minute], "occurred_at": cloud.now}
        tell(cloud, *(cart_updated(f"cart-{each}", customer_id=each, **about) for each in customers))
        cloud.advance(by=timedelta(minutes=1))
    bought: dict[str, Any] = {"customer_id": "cust-buyer", "occurred_at": cloud.now}
    tell(cloud, registered("cust-buyer", time_zone=zone, occurred_at=begin - days(60)))
    paid = (a_paid_line("Assam tea"), a_paid_line("Clay cup"))
    for number in range(2):
        order = f"order-{number}"
        tell(
            cloud,
            order_placed(order, lines=lines[:2], **bought),
            order_paid(order, amount=rupees(900), lines=paid, **bought),
        )
    asked_by_the_shop(cloud, "/ratings?product_id=assam-tea")
    cloud.advance(by=hours(1))
    cloud.invoke("CartNudgesSweepFunction", scheduled(cloud.now))
    cloud.settle()
    mail = next(mail for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge")
    link = unescape(re.findall(r'href="([^"]+/cart\?[^"]+)"', mail.html)[0])
    cloud.http("GET", link)
    cloud.mail_event(mail, "Open", userAgent="Mozilla/5.0 (X11; Linux x86_64)")
    cloud.settle()


@contextmanager
def _watched(cloud: LocalCloud) -> Iterator[dict[str, list[Scene]]]:
    """Every run of a function of PATHS, with what there was before it."""
    seen: dict[str, list[Scene]] = {name: [] for name in PATHS}
    run = Runtime.run

    def watching(runtime: Runtime, function: str, event: Mapping[str, Any], mails: Any) -> Any:
        for name, (its_function, word) in PATHS.items():
            if function == its_function and word in json.dumps(event):
                with patch.object(cloud._recorder, "running", None):  # what is asked here is nobody's call
                    seen[name].append(_scene(cloud, function, event))
        invocation = run(runtime, function, event, mails)
        assert invocation.ok, invocation.trace
        return invocation

    with patch.object(Runtime, "run", watching):
        yield seen


def _scene(cloud: LocalCloud, function: str, event: Mapping[str, Any]) -> Scene:
    spec, dynamodb, ssm = cloud.functions[function], boto3.client("dynamodb"), boto3.client("ssm")
    tables = {name: str(cloud.resources[name]) for name in cloud.resources if name.endswith("Table")}
    names = [each["Name"] for each in ssm.describe_parameters()["Parameters"]]
    parameters = {
        name: ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] for name in names
    }
    return Scene(
        function=function,
        room=spec.import_roots[0].name,
        handler=spec.handler,
        environment=dict(base_environment(None)) | dict(spec.environment),
        event=json.loads(json.dumps(event)),
        definitions={table: table_definition(name) for name, table in tables.items()},
        items={table: dynamodb.scan(TableName=table)["Items"] for table in tables.values()},
        parameters=parameters,
    )


def _with_event(scene: Scene, event: Any) -> Scene:
    return Scene(**{**vars(scene), "event": event})


def _noon(now: datetime) -> str:
    """A zone where it is about noon, and nobody's quiet hours."""
    return f"Etc/GMT{now.hour - 12:+d}"
