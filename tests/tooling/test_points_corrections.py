"""`rishta loyalty adjust`, as somebody types it, against a stack."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import Result

from ledger_stack import SOON, Stack, a_stack, rishta, well_kept
from loyalty.table import Ledger
from shop_facts import erased


@pytest.fixture
def stack() -> Iterator[Stack]:
    with a_stack(SOON) as stack:
        yield stack


def adjust(points: str, *, name: str = "ticket-7", reason: str = "Late parcel", **others: str) -> Result:
    words = ["--id", name, "--reason", reason, "--author", others.get("author", "Meera")]
    more = ["--new-customer"] if "new" in others else []
    return rishta("adjust", *words, *more, "--", others.get("customer", "cust-asha"), points)


def test_a_correction_is_booked_with_its_reason_and_author_and_the_books_add_up(stack: Stack) -> None:
    stack.keep(well_kept())
    done = adjust("-50", reason=" Late parcel ")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "before: 250 points, 0 pending",
        "after:  200 points, 0 pending",
        "-50 points are booked as cust-asha:adjusted:ticket-7, and told within minutes.",
    ]
    entry = stack.ledger.entry("cust-asha", "cust-asha:adjusted:ticket-7")
    assert entry
    assert (entry.points, entry.reason, entry.author) == (-50, "Late parcel", "Meera")
    assert rishta("audit").exit_code == 0
    assert "Late parcel, by Meera" in rishta("show", "cust-asha").output


def test_a_correction_is_told_by_the_next_look_at_the_account(stack: Stack) -> None:
    stack.keep(well_kept())
    adjust("50")
    assert "entry:cust-asha:adjusted:ticket-7" in stack.ledger.account("cust-asha").outbox
    key = {"customer_id": {"S": "cust-asha"}, "record_id": {"S": "account"}}
    item = stack.client.get_item(TableName=stack.table, Key=key)["Item"]
    assert item["due_at"]["S"].startswith("2027-03-21T12:05:00")


def test_a_correction_counts_once_however_often_it_is_given(stack: Stack) -> None:
    stack.keep(well_kept())
    adjust("50")
    again = adjust("50")
    assert again.output == "ticket-7 was booked on 2027-03-21 already: 300 points, 0 pending.\n"
    for another in (adjust("60"), adjust("50", reason="Another"), adjust("50", author="Ravi")):
        assert another.exit_code == 1
        assert "as another correction: +50 points, Late parcel" in another.output
    assert stack.ledger.account("cust-asha").balance == 300
    assert adjust("5", name="ticket-8").exit_code == 0
    assert stack.ledger.account("cust-asha").balance == 305


def test_a_correction_may_leave_less_than_nothing(stack: Stack) -> None:
    stack.keep(well_kept())
    assert "after:  -50 points" in adjust("-300").output


def test_what_is_no_correction_is_refused(stack: Stack) -> None:
    stack.keep(well_kept())
    for done, said in (
        (adjust("0"), "0 points change nothing"),
        (adjust("1000000001"), "1,000,000,000 points are the most"),
        (adjust("5", reason="  "), "--reason: String should have at least 1 character"),
        (adjust("5", author=""), "--author: String should have at least 1 character"),
        (adjust("5", name="a ticket"), "--id: String should match pattern"),
        (adjust("5", customer="asha:1"), "CUSTOMER: String should match pattern"),
        (adjust("5.5"), "valid integer"),
    ):
        assert (done.exit_code, said in done.output) == (2, True), done.output
    assert stack.ledger.account("cust-asha").entry_count == len(well_kept().entries)


def test_a_customer_of_whom_nothing_is_known_is_named_on_purpose(stack: Stack) -> None:
    done = adjust("5", customer="cust-ahsa")
    assert (done.exit_code, "is it the right id?" in done.output) == (1, True)
    assert stack.ledger.account("cust-ahsa").version == 0
    assert adjust("5", customer="cust-new", new="yes").exit_code == 0
    assert stack.ledger.account("cust-new").balance == 5


def test_an_erased_customer_gets_no_points(stack: Stack) -> None:
    stack.keep(well_kept().told_of_customers(erased(occurred_at=SOON), now=SOON))
    done = adjust("5")
    assert (done.exit_code, done.output) == (1, "This customer was erased. Nothing is booked.\n")


def test_a_correction_waits_for_whoever_books_at_the_same_time(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.keep(well_kept())
    write, lost = Ledger.write, [1, 2, 3]

    def raced(ledger: Ledger, *args: Any, **others: Any) -> bool:
        return False if lost and lost.pop() else write(ledger, *args, **others)

    monkeypatch.setattr(Ledger, "write", raced)
    monkeypatch.setattr("rishta_cli.loyalty_desk.time.sleep", lambda _: None)
    assert "after:  300 points" in adjust("50").output
    lost += [1] * 9
    done = adjust("50", name="ticket-8")
    assert (done.exit_code, "Nothing is booked, others book" in done.output) == (1, True)
