"""What `rishta plan check` says of tiers that have no name, and of reminders and mails about points."""

from pathlib import Path

import pytest

from engagement.plan import PLAN_FILE
from engagement.plan_yaml import read_yaml
from rishta_cli.plan_checking import plan_faults

_PLAN = PLAN_FILE.read_text(encoding="utf-8")
_SETTINGS = ("campaigns", "loyalty", "settings")


def faults_of(folder: Path, written: str, instead: str) -> list[str]:
    assert _PLAN.count(written) == 1
    file = folder / PLAN_FILE.name
    file.write_text(_PLAN.replace(written, instead), encoding="utf-8")
    return plan_faults(file)


def at(path: tuple[str | int, ...], what: str) -> str:
    line = read_yaml(_PLAN, source="")[1].of(path)
    return f"{PLAN_FILE.name}:{line}: {'.'.join(map(str, path))}: {what}"


@pytest.mark.parametrize(
    ("written", "instead", "where"),
    [
        ("{en: Silver, hi: रजत}", "{hi: रजत}", ("tiers", "steps", 1, "title")),
        ("{en: 20% off on your birthday, hi:", "{hi:", ("tiers", "steps", 1, "benefits", "birthday_offer")),
        (
            "{en: Free shipping on every order, hi:",
            "{fr:",
            ("tiers", "steps", 2, "benefits", "free_shipping"),
        ),
    ],
)
def test_a_tier_or_benefit_without_a_name_in_the_shops_language_is_a_fault(
    written: str, instead: str, where: tuple[str | int, ...], tmp_path: Path
) -> None:
    assert faults_of(tmp_path, written, instead) == [at(where, "has no name in 'en'")]


def test_a_reminder_that_comes_before_the_points_do_is_a_fault(tmp_path: Path) -> None:
    where = (*_SETTINGS, "expiry", "remind_before")
    reminders = "remind_before: [30d, 7d]"
    found = faults_of(tmp_path, reminders, "remind_before: [365d, 364d]")
    assert found == [at((*where, 0), "is not shorter than `after`, 365d")]
    assert faults_of(tmp_path, reminders, "remind_before: [364d]") == []
    assert faults_of(tmp_path, reminders, "remind_before: [7d, 7d]") == [at((*where, 1), "is given twice")]


def test_points_that_never_end_need_no_reminder(tmp_path: Path) -> None:
    expiry = "expiry: {after: 365d, counted_from: earning, ends_with: month, remind_before: [30d, 7d]}"
    assert faults_of(tmp_path, expiry, "expiry: null") == []


def test_two_periods_of_one_name_are_a_fault(tmp_path: Path) -> None:
    diwali = "        - {name: Diwali, first_day: 2027-10-22, last_day: 2027-10-31, times: 2x}\n"
    again = diwali.replace("2027", "2028")
    assert faults_of(tmp_path, diwali, diwali + again.replace("Diwali", "Diwali 2028")) == []
    found = faults_of(tmp_path, diwali, diwali + again)
    line = read_yaml(_PLAN, source="")[1].of((*_SETTINGS, "periods", 0)) + 1
    what = "campaigns.loyalty.settings.periods.1.name: another period has the same name"
    assert found == [f"{PLAN_FILE.name}:{line}: {what}"]


def test_two_campaigns_for_one_mail_about_points_are_a_fault(tmp_path: Path) -> None:
    found = faults_of(tmp_path, "{mail: tier_lowered,", "{mail: tier_reached,")
    where = ("campaigns", "tier_lowered", "settings", "mail")
    assert found == [at(where, "is the mail of tier_reached")]


def test_an_offer_for_a_tier_is_looked_at_even_where_the_points_settings_are_wrong(tmp_path: Path) -> None:
    file = tmp_path / PLAN_FILE.name
    file.write_text(
        _PLAN.replace("gold: {percent: 25}", "platinum: {percent: 25}").replace("reserved_for: 30m", "x: 1"),
        encoding="utf-8",
    )
    faults = plan_faults(file)
    assert any(
        "offer.by_tier.platinum: no tier of the plan's: bronze, gold, silver" in fault for fault in faults
    )
    assert any("settings.reserved_for" in fault for fault in faults)
