"""Four workers and an SES that counts: the account's rate is held, and used."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mail_house import TABLES, House

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from dynamodb_local import DynamoDBLocal

SUPPORT = Path(__file__).resolve().parents[1] / "support"
WORKERS, LATENCY_MS = 4, 50


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


def noon() -> str:
    """A zone where it is about noon, and nobody's quiet hours."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"


@pytest.mark.parametrize(("rate", "whole", "seconds"), [(14, True, 8), (100, True, 8), (500, False, 8)])
def test_all_workers_together_use_the_accounts_rate_and_keep_to_it(
    dynamodb: "DynamoDBClient",
    dynamodb_engine: "DynamoDBLocal",
    dynamodb_table: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    rate: int,
    seconds: int,
    *,
    whole: bool,
) -> None:
    house = House(dynamodb, {name: dynamodb_table(name) for name in TABLES})
    mails = rate * seconds // WORKERS
    if whole:
        for worker in range(WORKERS):
            for number in range(mails):
                house.welcome(f"cust-{worker}-{number}", time_zone=noon())
    with an_account(rate) as account:
        work = {"mails": mails, "rate": rate, "whole": whole, "tables": house.tables}
        work |= {"dynamodb": dynamodb_engine.endpoint, "ses": account.url}
        command = [sys.executable, str(SUPPORT / "sending_worker.py")]
        workers = [
            subprocess.Popen(
                [*command, json.dumps(work | {"number": number})],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(WORKERS)
        ]
        for each in workers:
            assert each.stdout
            assert each.stdout.readline() == "ready\n"
        for each in workers:
            assert each.stdin
            each.stdin.write("go\n")
            each.stdin.close()
        assert [each.wait() for each in workers] == [0] * WORKERS
        seen = account.seen()
    used, throttled = seen["rate"] / rate, seen["throttled"] / (seen["accepted"] + seen["throttled"])
    with capsys.disabled():
        print(  # noqa: T201 - figures to see
            f"\n{rate}/s, {'the whole path' if whole else 'pace and SES'}: {used:.1%} of the rate used,"
            f" {throttled:.2%} throttled, at most {seen['most_in_a_second']:.0f} in any second"
        )
    assert seen["accepted"] == mails * WORKERS
    assert used >= 0.97
    assert throttled <= 0.01
