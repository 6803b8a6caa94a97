"""Whoever changes a figure is told which, what it was and is, and how to accept it."""

from pathlib import Path

import pytest

from budget_meter import assert_within, budget, budgets, differences, write_budgets

BEFORE = {"SweepFunction": {"Query": 4, "writes": 2}, "PageFunction": {"GetItem": 1, "half_reads": 2}}


def test_as_written_down_is_within_the_budget() -> None:
    assert_within(BEFORE, BEFORE)


def test_what_rose_is_told_first_and_what_fell_must_be_written_down_too() -> None:
    after = {"SweepFunction": {"Query": 3, "writes": 2}, "PageFunction": {"GetItem": 1, "half_reads": 6}}
    assert differences(BEFORE, after) == [
        "PageFunction, half reads: ROSE from 2 to 6",
        "SweepFunction, Query: fell from 4 to 3",
    ]


def test_a_function_that_is_new_needs_a_budget_and_one_that_is_gone_has_none() -> None:
    new = {"SweepFunction": BEFORE["SweepFunction"], "LookupFunction": {"GetItem": 1}}
    assert differences(BEFORE, new) == [
        "LookupFunction, GetItem: not in the budget, now 1",
        "PageFunction, GetItem: 1 in the budget, now gone",
        "PageFunction, half reads: 2 in the budget, now gone",
    ]


def test_a_module_more_that_all_import_is_told_of_once() -> None:
    before = {f"{name}Function": {"files": 20 + number} for number, name in enumerate("ABCDE")}
    after = {name: {"files": took["files"] + 1} for name, took in before.items()}
    assert differences(before, after) == ["AFunction, files: ROSE from 20 to 21; and 4 more by as much"]


def test_the_failure_says_how_to_accept_it() -> None:
    with pytest.raises(AssertionError, match=r"PageFunction, GetItem: ROSE from 1 to 2\n.*make budgets"):
        assert_within({"PageFunction": {"GetItem": 1}}, {"PageFunction": {"GetItem": 2}})


def test_what_is_written_down_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "budgets.yaml"
    assert budget("work", path) == {}
    write_budgets({"work": {"cart_updated": BEFORE}}, path)
    assert budget("work", path) == {"cart_updated": BEFORE}


def test_no_part_of_the_budgets_is_without_figures() -> None:
    parts = ("cold_starts", "clients", "sizes", "work", "sweeps")
    assert [part for part in parts if not differences({}, budget(part))] == []
    assert budgets().keys() == set(parts)
