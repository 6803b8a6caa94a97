"""Four workers and an SES that counts: the account's rate is held, and used."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mail_house import TABLES, House

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from dynamodb_local import DynamoDBLocal

SUPPORT = Path(__file__).resolve().parents[1] / "support"
WORKERS, LATENCY_MS, SECONDS = 4, 50, 10


class Account:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        self.process = process
        self.url = f"http://127.0.0.1:{process.stdout.readline().strip()}"

    def seen(self) -> dict[str, float]:
        told: dict[str, float] = json.loads(self.process.communicate()[0])
        return told


@contextmanager
def an_account(rate: int) -> Iterator[Account]:
    command = [sys.executable, str(SUPPORT / "fake_ses.py"), str(rate), str(LATENCY_MS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Account(process)


@contextmanager
def workers(works: list[dict[str, Any]]) -> Iterator[list["subprocess.Popen[str]"]]:
    """They begin together, when all are ready."""
    command = [sys.executable, str(SUPPORT / "sending_worker.py")]
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [*command, json.dumps(work)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for work in works
        ]
        for each in started:
            assert each.stdout
            assert each.stdout.readline() == "ready\n"
        for each in started:
            assert each.stdin
            each.stdin.write("go\n")
            each.stdin.flush()
        yield started


def noon() -> str:
    """A zone where it is about noon, and nobody's quiet hours."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"


# botocore's client takes 3 ms of CPU for a call: the whole path at 100 a second, or SES's client at 500, is more than
# two cores have. In Lambda each worker has its own.
@pytest.mark.parametrize(
    ("rate", "how"), [(14, "whole path"), (100, "pace and SES"), (500, "pace, bare client")]
)
def test_all_workers_together_use_the_accounts_rate_and_keep_to_it(
    dynamodb: "DynamoDBClient",
    dynamodb_engine: "DynamoDBLocal",
    dynamodb_table: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    rate: int,
    how: str,
) -> None:
    house = House(dynamodb, {name: dynamodb_table(name) for name in TABLES})
    mails = rate * SECONDS // 2  # for each; some worker may be faster than others
    if how == "whole path":
        for worker in range(WORKERS):
            for number in range(mails):
                house.welcome(f"cust-{worker}-{number}", time_zone=noon())
    with an_account(rate) as account:
        work = {"seconds": SECONDS, "mails": mails, "rate": rate, "how": how, "tables": house.tables}
        work |= {"dynamodb": dynamodb_engine.endpoint, "ses": account.url}
        with workers([work | {"number": number} for number in range(WORKERS)]) as started:
            assert [each.wait() for each in started] == [0] * WORKERS
        seen = account.seen()
    used, throttled = seen["rate"] / rate, seen["throttled"] / (seen["accepted"] + seen["throttled"])
    with capsys.disabled():
        print(  # noqa: T201 - figures to see
            f"\n{rate}/s, {how}: {used:.1%} of the rate used,"
            f" {throttled:.2%} throttled, at most {seen['most_in_a_second']:.0f} in any second"
        )
    assert used >= 0.97
    assert throttled <= 0.01
