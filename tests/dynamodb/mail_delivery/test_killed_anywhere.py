"""One mail, with trouble before or after every AWS call, and then delivered again: whatever the trouble in memory, and
a worker's death at every call on the real engine.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import pytest

from dynamodb_engine import DynamoDBEngine
from engagement.mail_orders import Premise, SendMail
from engagement.plan import engagement_plan
from mail_facts import a_mail
from mail_house import TABLES, FakeSes, House, Kill, Trouble, broken, throttled, unanswered
from ses_facts import sent
from shop_facts import NOW
from tests.conftest import table_definition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
# consumer_queue.yaml as MailQueue has it: visible again after 6 minutes.
RECEIVES = [NOW + number * 6 * MINUTE for number in range(5)]
# SQS may hand a message out twice at once.
HASTY_RECEIVES = [NOW, *RECEIVES]

CALLS = {
    "marketing": [
        *("batch_get_item", "get_item", "update_item", "update_item", "put_item", "put_item"),
        *("batch_get_item", "send_email", "update_item"),
    ],
    "transactional": [
        *("batch_get_item", "get_item", "update_item", "put_item", "put_item", "send_email", "update_item")
    ],
}


HOUSE_TABLES = (*TABLES, "CartsTable")


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, {name: dynamodb_table(name) for name in HOUSE_TABLES})


@pytest.fixture
def house_in_memory() -> House:
    engine: Any = DynamoDBEngine({name: table_definition(name) for name in HOUSE_TABLES})
    return House(engine, {name: name for name in HOUSE_TABLES})


@dataclass
class Case:
    """A mail, the trouble that it meets, and how its message is delivered."""

    kind: str
    trouble: Trouble
    receives: list[datetime]
    events: str

    @property
    def name(self) -> str:
        calls, trouble = CALLS[self.kind], self.trouble
        lasting = " and from then on" if trouble.lasting else ""
        what = getattr(trouble.error, "__name__", "")
        where = f"{trouble.moment} {calls[trouble.at - 1]} (call {trouble.at})"
        return f"{self.kind}: {what} {where}{lasting}, {self.events}"

    @property
    def may_be_unknown(self) -> bool:
        """From the claim's arrival until its outcome is written down, a worker that is gone tells nobody how far it
        came; SES's event tells, where SES took the mail.
        """
        calls = CALLS[self.kind]
        claim, ses = len(calls) - calls[::-1].index("put_item"), calls.index("send_email") + 1
        at, after = self.trouble.at, self.trouble.moment == "after"
        gone = self.trouble.error is Kill or self.trouble.lasting
        if at == claim:
            return gone and after
        if claim < at < ses:  # the last look
            return gone
        if at == ses:
            return gone or self.trouble.error in (broken, unanswered)
        return at > ses and gone


ERRORS: list[tuple[Callable[[], BaseException], Literal["before", "after"]]] = [
    *((error, "before") for error in (throttled, broken, unanswered, Kill)),
    *((error, "after") for error in (unanswered, Kill)),
]
EVENTS = ("no event of SES", "SES's events late", "SES's events early")


def cases(kind: str) -> Iterator[Case]:
    for at in range(1, len(CALLS[kind]) + 1):
        for (error, moment), lasting in product(ERRORS, (False, True)):
            for receives, events in (*product([RECEIVES], EVENTS), (HASTY_RECEIVES, EVENTS[0])):
                yield Case(kind, Trouble(at, moment, error, lasting), receives, events)


class TellingSes(FakeSes):
    """Tells at once what it took, before its answer arrives."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def send_email(self, **request: Any) -> dict[str, str]:
        answer = super().send_email(**request)
        self._tell(answer["MessageId"])
        return answer


@pytest.mark.parametrize("kind", CALLS)
def test_no_mail_is_lost_or_doubled_whatever_happens_at_any_call(
    house_in_memory: House, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _none_is_lost_or_doubled(house_in_memory, kind, cases(kind), capsys)


@pytest.mark.parametrize("kind", CALLS)
def test_on_the_real_engine_none_is_lost_or_doubled_wherever_a_worker_dies(
    house: House, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    deaths = [case for case in cases(kind) if case.trouble.error is Kill and not case.trouble.lasting]
    _none_is_lost_or_doubled(house, kind, deaths, capsys)


def _none_is_lost_or_doubled(
    house: House, kind: str, cases: Iterable[Case], capsys: pytest.CaptureFixture[str]
) -> None:
    found: Counter[str] = Counter({"cases": 0, "lost": 0, "doubled": 0, "unknown": 0})
    wrong: list[str] = []
    for number, case in enumerate(cases):
        outcome = _outcome(house, case, _order(house, kind, number))
        found.update(["cases", outcome])
        # At least once: a transactional mail of which SES never tells is sent again.
        again = kind == "transactional" and case.events == "no event of SES"
        excused = {"unknown", *(["doubled"] if again else [])}
        if outcome != "mailed once" and not (case.may_be_unknown and outcome in excused):
            wrong.append(f"{case.name}: {outcome}")
        if not case.trouble.struck:
            wrong.append(f"{case.name}: never met its trouble")
    with capsys.disabled():
        print(f"\n{kind} mail: " + ", ".join(f"{times} {name}" for name, times in found.items()))  # noqa: T201 - figures to see
    assert wrong == []


def _order(house: House, kind: str, number: int) -> SendMail:
    """A cart's, which is written upon nobody's having bought it, or a receipt."""
    if kind == "marketing":
        cart = f"cart-{number}"
        premise = Premise(table=house.tables["CartsTable"], key={"cart_id": cart}, still={"bought": None})
        return a_mail(f"cart_nudge:{cart}:step-1", customer_id=f"cust-{number}", premises=(premise,))
    return a_mail(f"order_receipt:order-{number}:paid", customer_id=f"cust-{number}", kind="transactional")


def _outcome(house: House, case: Case, order: SendMail) -> str:
    def tell(message_id: str) -> None:
        house.tell(sent(send_key=order.send_key, message_id=message_id))

    house.welcome(order.customer_id)
    house.forget_stops()
    house.ses = TellingSes(tell) if case.events == "SES's events early" else FakeSes()
    told: list[str] = []

    def tell_late() -> None:
        if case.events == "SES's events late" and house.ses.accepted and not told:
            told.append("once")
            tell("0107-1")

    settled = house.deliver(order, case.trouble, case.receives, meanwhile=tell_late)
    tell_late()
    mails, status = len(house.ses.accepted), house.status(order)
    if not settled:
        return "never settled"
    if mails > 1:
        return "doubled"
    if status == "unknown" or (status == "sending" and mails):
        return "unknown"
    if mails == 0:
        return "lost"
    return "mailed once" if status == "sent" else f"mailed once, and called {status}"


@pytest.mark.parametrize("kind", CALLS)
def test_a_delivered_mail_takes_these_calls(house: House, kind: str) -> None:
    trouble = Trouble()
    order = _order(house, kind, 1)
    house.welcome(order.customer_id)
    assert house.deliver(order, trouble, RECEIVES)
    assert trouble.calls == CALLS[kind]
    assert house.status(order) == "sent"


def test_trouble_at_two_deliveries_in_a_row_never_mails_twice(house_in_memory: House) -> None:
    house = house_in_memory
    for number, case in enumerate(cases("marketing")):
        if case.events == "no event of SES":
            order = _order(house, "marketing", number)
            house.welcome(order.customer_id)
            house.forget_stops()
            house.ses.accepted.clear()
            house.deliver(order, case.trouble, case.receives, troubled=2)
            assert len(house.ses.accepted) <= 1, case.name


def test_a_killed_workers_mail_is_settled_by_the_second_receive() -> None:
    function_timeout, visibility = 1 * MINUTE, 6 * MINUTE
    lease = engagement_plan().delivery.claim_lease
    assert function_timeout < lease
    assert function_timeout + lease < visibility
