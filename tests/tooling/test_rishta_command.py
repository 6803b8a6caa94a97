"""The `rishta` command, as somebody types it."""

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rishta_cli import local_state
from rishta_cli.invoking import moment_of
from rishta_cli.main import app
from rishta_cli.project import ROOT
from shop_facts import NOW, cart_updated, on_the_bus, scheduled, sqs_batch

SAMPLES = ROOT / "events"


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local cloud of the test's own, not the developer's."""
    monkeypatch.setattr(local_state, "LOCAL_STATE", tmp_path / "cloud")


def rishta(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def a_file_of_orders(folder: Path, number: int) -> Path:
    chance = random.Random(7)
    lines = [
        f"o-{order},c-{chance.randrange(12)},1997-0{chance.randrange(1, 10)}-11,{chance.randrange(9000)},USD"
        for order in range(number)
    ]
    file = folder / "orders.csv"
    file.write_text("\n".join(["order_id,customer_id,ordered_on,amount_minor,currency", *lines]) + "\n")
    return file


def test_importing_orders_books_their_points_once_however_often_it_is_done(tmp_path: Path) -> None:
    file = a_file_of_orders(tmp_path, 60)
    first, again = rishta("import", "orders", file), rishta("import", "orders", file)
    for done in (first, again):
        assert done.exit_code == 0, done.output
        assert "60 orders imported, 0 mails sent, 0 dead letters." in done.output
        assert "12 of 12 balances equal a plain recomputation from the file." in done.output


def test_the_ledger_is_shown_corrected_and_audited_in_the_local_cloud(tmp_path: Path) -> None:
    assert rishta("import", "orders", a_file_of_orders(tmp_path, 9)).exit_code == 0
    customer = "c-2"
    who = ("--id", "ticket-7", "--reason", "Goodwill", "--author", "Meera")
    done = rishta("loyalty", "adjust", *who, "--new-customer", "--", customer, "50")
    assert (done.exit_code, "after:  50 points" in done.output) == (0, True), done.output
    assert "+50" in rishta("loyalty", "show", customer).output
    done = rishta("loyalty", "audit")
    assert (done.exit_code, "(all), 0 of them with differences" in done.output) == (0, True), done.output


def test_importing_names_bad_lines_imports_the_others_and_fails(tmp_path: Path) -> None:
    file = a_file_of_orders(tmp_path, 5)
    file.write_text(file.read_text() + "o-x,c-1,1997-01-01,nineteen,USD\n")
    done = rishta("import", "orders", file)
    assert done.exit_code == 1
    assert "line 7: amount_minor" in done.output
    assert "5 orders imported" in done.output


def test_invoking_shows_the_result_and_the_mails_and_finds_what_earlier_calls_left() -> None:
    seen = []
    for function, sample in (
        ("CustomerProfilesFactsFunction", "customer_profiles/facts_door/customer_registered.json"),
        ("PreferencesFactsFunction", "preferences/facts_door/customer_registered.json"),
        ("CartNudgesFactsFunction", "cart_nudges/facts_door/cart_updated.json"),
        ("CartNudgesSweepFunction", "cart_nudges/sweep_door/five_minutes.json"),
    ):
        done = rishta("invoke", function, SAMPLES / sample)
        assert done.exit_code == 0, done.output
        seen.append(done.output)
    assert all('"batchItemFailures": []' in output for output in seen[:3])
    assert '"mails": 1' in seen[3]
    assert "Darjeeling first flush" in seen[3]


def test_invoking_an_unknown_function_names_those_there_are() -> None:
    done = rishta("invoke", "Nothing", SAMPLES / "cart_nudges/sweep_door/five_minutes.json")
    assert done.exit_code == 2
    assert "CartNudgesSweepFunction" in done.output


def test_invoking_with_a_file_that_is_no_json_says_so(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text("{")
    done = rishta("invoke", "CartNudgesSweepFunction", file)
    assert done.exit_code == 2
    assert "is not JSON" in done.output


def test_an_event_finds_the_clock_of_its_own_time() -> None:
    assert moment_of(scheduled(NOW)) == NOW
    assert moment_of(sqs_batch(on_the_bus(cart_updated(occurred_at=NOW)))) == NOW
    assert moment_of(json.loads('{"time": "tomorrow"}')).tzinfo is not None


def test_the_deployed_plan_is_well() -> None:
    assert rishta("plan", "check").exit_code == 0


def test_a_wrong_plan_is_named_by_its_line(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("shop:\n  name: X\n")
    done = rishta("plan", "check", plan)
    assert done.exit_code == 1
    assert "plan.yaml:1: shop.website: Field required" in done.output


def test_schemas_and_the_table_of_functions_are_current() -> None:
    assert rishta("schemas", "--check").exit_code == 0
    assert rishta("readme", "--check").exit_code == 0
