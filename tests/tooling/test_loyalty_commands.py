"""`rishta loyalty audit` and `show`, as somebody types them, against a stack."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ledger_stack import SOON, Stack, a_stack, rishta, well_kept
from loyalty.table import Ledger
from loyalty_books import Books
from rishta_cli import loyalty_audit
from shop_facts import order_paid, rupees


@pytest.fixture
def stack() -> Iterator[Stack]:
    with a_stack(SOON) as stack:
        yield stack


def wrong() -> Books:
    books = well_kept()
    books.account = replace(books.account, used=0)
    return books


def test_books_that_add_up_are_said_so(stack: Stack) -> None:
    stack.keep(well_kept())
    done = rishta("audit", "cust-asha")
    assert (done.exit_code, done.output) == (0, "cust-asha: all adds up\n")


def test_books_that_do_not_add_up_are_said_so_and_fail(stack: Stack) -> None:
    stack.keep(wrong())
    done = rishta("audit", "cust-asha")
    assert done.exit_code == 1
    assert "the account's used is 0, its entries say 150" in done.output
    assert "cust-asha: 2 differences" in done.output


def test_all_customers_are_audited_in_one_pass(stack: Stack) -> None:
    for number in range(5):
        stack.keep(well_kept(), f"cust-{number}")
    done = rishta("audit")
    assert done.exit_code == 0, done.output
    assert done.output.endswith("5 customers audited (all), 0 of them with differences.\n")
    stack.keep(wrong(), "cust-wrong")
    done = rishta("audit")
    assert done.exit_code == 1
    assert "cust-wrong: the account's used is 0, its entries say 150" in done.output
    assert done.output.endswith("6 customers audited (all), 1 of them with differences.\n")


@pytest.mark.parametrize("page_size", [1, 3, 1000])
def test_an_audit_that_stops_at_its_limit_says_how_to_go_on_and_leaves_nobody_out(
    stack: Stack, page_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loyalty_audit, "_PAGE", page_size)
    for number in range(5):
        stack.keep(well_kept() if number else wrong(), f"cust-{number}")
    seen, words, differing = 0, ["audit", "--limit", "2"], 0
    for expected, how_far in ((2, "so far"), (2, "so far"), (1, "to the end")):
        done = rishta(*words)
        seen += expected
        differing += "cust-0: the account's used" in done.output
        assert f"{expected} customers audited ({how_far})" in done.output
        token = done.output.partition("--resume ")[2].split()
        words = ["audit", "--limit", "2", "--resume", *token]
    assert (seen, token, differing) == (5, [], 1)


@pytest.mark.parametrize(
    ("stopped", "code"),
    [(KeyboardInterrupt(), 130), (ClientError({"Error": {"Code": "ExpiredToken"}}, "Scan"), 1)],
    ids=["somebody", "AWS"],
)
def test_an_audit_that_somebody_or_aws_stops_says_how_to_go_on(
    stack: Stack, stopped: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        stack.keep(well_kept(), f"cust-{number}")
    audited: list[object] = []
    read = loyalty_audit.differences_of

    def impatient(*whose: Any) -> tuple[str, ...]:
        if len(audited) == 2:
            raise stopped
        audited.append(whose)
        return read(*whose)

    monkeypatch.setattr(loyalty_audit, "differences_of", impatient)
    done = rishta("audit")
    assert (done.exit_code, "2 customers audited (so far)" in done.output) == (code, True), done.output
    monkeypatch.undo()
    done = rishta("audit", "--resume", done.output.partition("--resume ")[2].strip())
    assert (done.exit_code, "1 customers audited (to the end)" in done.output) == (0, True), done.output


def test_what_somebody_books_while_it_is_read_is_no_difference(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.keep(wrong())
    right, read = well_kept(), Ledger.records

    def mended(ledger: Ledger, customer_id: str) -> Any:
        stack.keep(right)
        return read(ledger, customer_id)

    monkeypatch.setattr(Ledger, "records", mended)
    done = rishta("audit")
    assert (done.exit_code, "0 of them with differences" in done.output) == (0, True), done.output


def test_a_record_that_cannot_be_read_is_a_difference_of_its_customer_alone(stack: Stack) -> None:
    stack.keep(well_kept())
    stack.put({"sequence": 1, "kind": "gift", "points": 7}, "cust-broken", "entry#gift")
    done = rishta("audit")
    assert done.exit_code == 1
    assert "a record of cust-broken cannot be read" in done.output
    assert "2 customers audited (all), 1 of them with differences" in done.output


def test_what_cannot_be_audited_is_said_so(stack: Stack) -> None:
    for words, said, code in (
        (("audit", "--resume", "nonsense"), "nothing that an audit says to resume with", 2),
        (("audit", "--resume", "W10="), "nothing that an audit says to resume with", 2),
        (("audit", "cust-asha", "--limit", "2"), "are for an audit of all customers", 2),
        (("audit", "cust-asha"), "Nothing was ever booked for cust-asha", 0),
    ):
        done = rishta(*words)
        assert (done.exit_code, said in done.output) == (code, True), done.output
    done = rishta("audit", stack="rishti")
    assert (done.exit_code, "rishti" in done.output, "Traceback" in done.output) == (1, True, False)


def test_a_customer_is_shown_with_balance_pending_tier_and_entries(stack: Stack) -> None:
    late = order_paid("order-78", amount=rupees(30_000), occurred_at=SOON)
    stack.keep(well_kept().told(late, now=SOON))
    done = rishta("show", "cust-asha")
    assert done.exit_code == 0, done.output
    for said in (
        "cust-asha as of 2027-03-21: 250 points, 300 pending",
        "300 pending until 2027-04-04",
        "250 end on 2028-04-01",
        "tier bronze, 400 counted, 100 short of silver",
    ):
        assert said in done.output
    rows = [line for line in done.output.splitlines() if "order-7" in line or "basket-1" in line]
    assert [(row.split()[5], row.split()[7]) for row in rows] == [
        ("order-78:paid", "+300"),
        ("basket-1:redeemed", "-150"),
        ("order-77:paid", "+400"),
    ]
    assert "order-77" not in rishta("show", "cust-asha", "--entries", "2").output
    assert rishta("show", "cust-ravi").output == "Nothing was ever booked for cust-ravi.\n"
