"""One of several workers that send as fast as they may: `python sending_worker.py JSON` (see `Work`).

A process of its own, as an execution environment of Lambda is; its mails go side by side as the door's do.
"""

import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Literal, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    *map(str, (ROOT / "functions").glob("*/")),
    str(ROOT / "layers/engagement"),
    str(ROOT / "tests/support"),
]

import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

from engagement.clock import utc_now  # noqa: E402
from mail_delivery.ses import NotSentError  # noqa: E402
from mail_delivery.ways import Way  # noqa: E402
from mail_facts import a_mail  # noqa: E402
from mail_house import House  # noqa: E402

AT_ONCE = 10
HTML = "<p>Hello Asha, what you chose is still in your cart.</p>" * 270  # 15 KB, as a nudge has


class Work(NamedTuple):
    """How much a mail is: the `whole path`, with all that is looked up and written down around it; `pace and SES`
    alone; or the pace and a `bare client` that only puts bytes on a wire.
    """

    number: int
    seconds: int
    mails: int  # at most
    rate: int
    how: Literal["whole path", "pace and SES", "pace, bare client"]
    dynamodb: str
    ses: str
    tables: dict[str, str]


class BareClient:
    """Sends as many bytes as SES's client does, and spends nothing on signing and parsing."""

    def __init__(self, url: str) -> None:
        self._host = url.removeprefix("http://")
        self._mine = threading.local()

    def send_email(self, **request: Any) -> dict[str, str]:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = HTTPConnection(self._host)
        self._mine.connection.request("POST", "/v2/email/outbound-emails", json.dumps(request))
        answer = self._mine.connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            told: Any = {"Error": {"Code": "TooManyRequestsException"}}
            raise ClientError(told, "SendEmail")
        return {"MessageId": "0107"}


def main(work: Work) -> None:
    config = Config(
        max_pool_connections=25,
        retries={"total_max_attempts": 1},
        parameter_validation=False,
        user_agent="rishta",
    )
    dynamodb = boto3.client("dynamodb", endpoint_url=work.dynamodb, config=config)
    ses: Any = boto3.client("sesv2", endpoint_url=work.ses, config=config)
    # A client's first call takes a hundred times as long as its others.
    ses.get_account()
    if work.how == "pace, bare client":
        ses = BareClient(work.ses)
    house = House(dynamodb, work.tables, ses=ses)
    worker = house.worker(rate=work.rate)
    mail = worker.handover.ses

    def send(number: int) -> None:
        now = utc_now()
        order = a_mail(
            f"cart_nudge:cart-{work.number}-{number}:step-1",
            customer_id=f"cust-{work.number}-{number}",
            html=HTML,
            useful_until=now + timedelta(hours=1),
        )
        way = Way(house.queue, bulk=True, deadline=now + timedelta(minutes=1))
        if work.how == "whole path":
            worker.carry_out(order, way, now)
            return
        for _ in range(3):
            worker.pace.wait_turn(now, way.deadline, bulk=True)
            try:
                mail.send(order, "cust@mail.example.com")
                return
            except NotSentError:
                worker.pace.was_throttled(now)

    house.contacts.get("nobody")
    print("ready", flush=True)  # noqa: T201 - who started it waits for all, so that all begin together
    sys.stdin.readline()
    end, numbers = time.monotonic() + work.seconds, iter(range(work.mails))

    def send_on(_: int) -> None:
        while time.monotonic() < end and (number := next(numbers, None)) is not None:
            send(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send_on, range(AT_ONCE)))


if __name__ == "__main__":
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    os.environ |= {"POWERTOOLS_LOG_LEVEL": "ERROR"}
    main(Work(**json.loads(sys.argv[1])))
