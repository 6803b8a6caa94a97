"""One of several workers that send as fast as they may: `python sending_worker.py JSON` (see `Work`).

A process of its own, as an execution environment of Lambda is; its mails go side by side as the door's do.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    *map(str, (ROOT / "functions").glob("*/")),
    str(ROOT / "layers/engagement"),
    str(ROOT / "tests/support"),
]
AT_ONCE = 10


class Work(NamedTuple):
    """`whole`: with everything that is looked up and written down around it, else the pace and SES alone."""

    number: int
    mails: int
    rate: int
    whole: bool
    dynamodb: str
    ses: str
    tables: dict[str, str]


def main(work: Work) -> None:
    import boto3
    from botocore.config import Config

    from engagement.clock import utc_now
    from mail_delivery.ses import NotSentError
    from mail_delivery.ways import Way
    from mail_facts import a_mail
    from mail_house import House

    config = Config(max_pool_connections=AT_ONCE + 5, retries={"total_max_attempts": 1})
    dynamodb = boto3.client("dynamodb", endpoint_url=work.dynamodb, config=config)
    ses: Any = boto3.client("sesv2", endpoint_url=work.ses, config=config)
    house = House(dynamodb, work.tables, ses=ses)
    worker = house.worker(rate=work.rate)

    def send(number: int) -> None:
        now = utc_now()
        order = a_mail(
            f"cart_nudge:cart-{work.number}-{number}:step-1",
            customer_id=f"cust-{work.number}-{number}",
            useful_until=now + timedelta(hours=1),
        )
        way = Way(house.queue, bulk=True, deadline=now + timedelta(minutes=1))
        if work.whole:
            worker.carry_out(order, way, now)
            return
        for _ in range(3):
            worker.pace.wait_turn(now, way.deadline, bulk=True)
            try:
                worker.handover.ses.send(order, "cust@mail.example.com")
                return
            except NotSentError:
                worker.pace.was_throttled(now)

    print("ready", flush=True)  # noqa: T201 - who started it waits for all, so that all begin together
    sys.stdin.readline()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for begin in range(0, work.mails, AT_ONCE):
            list(pool.map(send, range(begin, min(begin + AT_ONCE, work.mails))))


if __name__ == "__main__":
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    os.environ |= {"POWERTOOLS_LOG_LEVEL": "ERROR"}
    main(Work(**json.loads(sys.argv[1])))
