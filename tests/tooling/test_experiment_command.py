"""`rishta experiment`, as an operator types it, against a stack."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from cart_recovery.counters_table import ExperimentCounters
from cart_recovery.rules import Group
from local_cloud.template import read_template
from rishta_cli.main import app
from rishta_cli.project import ROOT

PLANNED = "second_reminder_subject"


@dataclass
class Stack:
    counters: ExperimentCounters
    client: Any
    into: Path

    def count(
        self,
        variant: str,
        customers: int,
        recovered: int = 0,
        *,
        experiment: str = PLANNED,
        step: int = 2,
        paid: Sequence[str] = ("INR",),
    ) -> None:
        """Each left two carts; each recovered customer paid 1,000 of each currency."""
        group = Group(experiment, step, variant)
        self.counters.add_name(group)
        growth = {
            "customers": customers,
            "exposures": 2 * customers,
            "recovered": recovered,
            "orders": recovered,
        }
        for currency in paid:
            growth[f"payers_{currency}"] = recovered
            growth[f"revenue_{currency}"] = recovered * 100_000
            growth[f"squares_{currency}"] = recovered * 100_000**2
        for shard in (0, 7):  # half here, half there
            part = {
                name: number // 2 + number % 2 * (shard == 0) for name, number in growth.items() if number
            }
            write: Any = self.counters.write(shard, group, part)
            self.client.update_item(**write["Update"])

    def show(self, name: str = "cart_nudges", *, stack: str = "rishta") -> Result:
        return CliRunner().invoke(app, ["experiment", name, "--stack", stack, "--into", str(self.into)])


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """The table of the counters, of a stack called rishta that CloudFormation knows; on a wide terminal."""
    monkeypatch.setenv("COLUMNS", "140")
    declared = read_template(ROOT / "template.yaml").template["Resources"]["ExperimentCountersTable"]
    properties = {
        key: declared["Properties"][key] for key in ("BillingMode", "AttributeDefinitions", "KeySchema")
    }
    resources = {"ExperimentCountersTable": {"Type": declared["Type"], "Properties": properties}}
    with mock_aws():
        cloudformation = boto3.client("cloudformation")
        cloudformation.create_stack(StackName="rishta", TemplateBody=json.dumps({"Resources": resources}))
        (found,) = cloudformation.list_stack_resources(StackName="rishta")["StackResourceSummaries"]
        client = boto3.client("dynamodb")
        yield Stack(ExperimentCounters(client, found["PhysicalResourceId"]), client, tmp_path / "pictures")


def rows(done: Result) -> dict[str, str]:
    """The lines of the tables, by their first word, those of the same word one after the other."""
    found: defaultdict[str, str] = defaultdict(str)
    for line in done.output.splitlines():
        if line.split():
            found[line.split()[0]] += line
    return found


def test_every_variant_is_compared_with_the_holdout(stack: Stack) -> None:
    stack.count("statement", 4500, 360)
    stack.count("question", 4450, 445)
    stack.count("holdout", 1010, 50)
    done = stack.show()
    assert done.exit_code == 0, done.output
    shown = rows(done)
    for cell in ("4500", "360", "8.0 % (7.2 to 8.8)", "+3.0 (+1.4 to +4.5)", "₹80 (₹72.07 to ₹87.93)"):
        assert cell in shown["statement"], done.output
    assert "5.0 % (3.8 to 6.5)" in shown["holdout"]
    assert "+5.0 (+3.3 to +6.5)" in shown["question"]
    assert "against holdout" in done.output
    assert "The split is as planned (statement 45, question 45, holdout 10): p = 0." in done.output
    assert "Step 1: no nudge was counted yet." in done.output
    assert "whatever other steps did" in done.output


def test_a_split_that_is_not_what_was_planned_is_said_plainly(stack: Stack) -> None:
    stack.count("statement", 4500, 360)
    stack.count("question", 4000, 445)
    stack.count("holdout", 1000, 50)
    done = stack.show(PLANNED)
    assert "SAMPLE RATIO MISMATCH, p < 0.001" in done.output
    assert "these figures mean nothing" in done.output
    assert 'class="wrong"' in (stack.into / f"{PLANNED}.html").read_text(encoding="utf-8")


def test_a_variant_that_nobody_was_counted_in_is_a_mismatch_too(stack: Stack) -> None:
    stack.count("statement", 500)
    stack.count("holdout", 100)
    assert "SAMPLE RATIO MISMATCH" in stack.show(PLANNED).output


def test_a_handful_of_customers_proves_nothing(stack: Stack) -> None:
    stack.count("statement", 1, 1)
    done = stack.show(PLANNED)
    assert "Too few customers to check the split" in done.output
    assert "–" in rows(done)["question"]


def test_what_a_few_customers_paid_is_added_up_and_no_mean_is_made_of_it(stack: Stack) -> None:
    stack.count("statement", 900, 19)
    stack.count("question", 900, 20)
    stack.count("holdout", 200)
    shown = rows(done := stack.show(PLANNED))
    assert "₹19,000" in shown["statement"]
    assert "₹21.11 (" not in shown["statement"]
    assert "₹22.22 (" in shown["question"]
    assert "₹0 (" not in shown["holdout"]
    assert "–: fewer than 20 customers paid" in done.output
    assert "fewer than 20 customers paid" in (stack.into / f"{PLANNED}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [80, 140])
@pytest.mark.parametrize("paid", [("INR", "USD"), ("EUR", "GBP", "INR", "USD")])
def test_nothing_is_cut_off_however_many_currencies_were_paid(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, columns: int, paid: Sequence[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    longest = "a_variant_of_a_long_name"
    stack.count(longest, 4_500_000, 3_600_000, paid=paid, experiment="subject")
    stack.count("holdout", 1_000_000, 500_000, paid=paid, experiment="subject")
    stack.count(longest, 4_500_000, 3_600_000, paid=paid, experiment="step-2")
    done = stack.show()
    assert "…" not in done.output
    words = (
        "Counted: ",
        "–: ",
        "Intervals ",
        "A customer ",
        "As a picture: ",
        "The plan ",
        "Not in the plan: ",
    )
    tables = [line for line in done.output.splitlines() if not line.startswith(words)]
    assert max(map(len, tables)) <= columns
    together = "".join(done.output.split())
    for symbol, currency in (("₹", "INR"), ("$", "USD"), ("€", "EUR"), ("£", "GBP")):
        # At the step, and in the experiment, whose holdout bought as well.
        assert together.count(f"{symbol}3,600,000,000") == (2 if currency in paid else 0)
        assert together.count(f"({symbol}799.") == (2 if currency in paid else 0)
    assert done.output.count("80.0 %") >= 2
    assert "+30.0" in done.output


def test_a_step_is_shown_by_itself_with_its_carts(stack: Stack) -> None:
    stack.count("standard", 200, 20, experiment="step-1", step=1)
    done = stack.show("step-1")
    assert "10.0 % (6.6 to 14.9)" in rows(done)["standard"]
    assert rows(done)["standard"].split()[8:11] == ["400", "20", "5.0"]
    assert "nudged carts" in done.output
    assert "against" not in done.output
    assert "for the last mail before it that arrived" in done.output
    assert "5.0 % bought" in (stack.into / "step-1.html").read_text(encoding="utf-8")
    assert "split" not in done.output
    assert PLANNED not in done.output


def test_what_left_the_plan_is_shown_without_a_check(stack: Stack) -> None:
    stack.count("red", 100, 10, experiment="button_colour")
    stack.count("blue", 900, 90, experiment="button_colour")
    done = stack.show()
    assert "Step 2: button_colour" in done.output
    assert "The plan has it no more, so its split is not checked." in done.output
    stack.count("shouting", 900)
    assert "Not in the plan: shouting." in stack.show(PLANNED).output


def test_nothing_counted_is_said_of_every_step(stack: Stack) -> None:
    done = stack.show()
    assert done.exit_code == 0
    assert done.output.count("no nudge was counted yet") == 4  # three steps, one experiment
    assert "No nudge was counted yet." in (stack.into / "cart_nudges.html").read_text(encoding="utf-8")


def test_an_unknown_experiment_is_answered_with_those_that_there_are(stack: Stack) -> None:
    stack.count("red", 100, experiment="button_colour")
    done = stack.show("button_color")
    assert done.exit_code == 1
    assert f"cart_nudges, step-1, step-2, button_colour, {PLANNED}, step-3" in done.output
    assert not stack.into.exists()


def test_a_stack_that_does_not_exist_is_said_so_in_a_line(stack: Stack) -> None:
    done = stack.show(stack="rishti")
    assert done.exit_code == 1
    assert "rishti" in done.output


def test_the_picture_is_one_page_that_runs_and_fetches_nothing(stack: Stack) -> None:
    stack.count("statement", 4500, 360)
    stack.count("question", 4450, 445)
    stack.count("holdout", 1010, 50)
    assert stack.show().exit_code == 0
    page = (stack.into / "cart_nudges.html").read_text(encoding="utf-8")
    assert page.count("<circle") == 6  # three variants, their rates and their revenue
    assert not any(word in page for word in ("<script", "http:", "https:", "url("))
    assert "8.0 % <small>7.2 to 8.8</small>" in page
    assert "dotted: holdout" in page
