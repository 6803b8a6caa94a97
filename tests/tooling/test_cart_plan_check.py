"""What `rishta plan check` says of cart nudges that would lead elsewhere, or that nobody wrote."""

from pathlib import Path

import pytest

from engagement.plan import PLAN_FILE
from engagement.plan_yaml import read_yaml
from rishta_cli.plan_checking import plan_faults

_PLAN = PLAN_FILE.read_text(encoding="utf-8")
_RESTORE = "https://shop.example.com/cart/restore"
_SETTINGS = ("campaigns", "cart_nudge", "settings")
_VARIANTS = (*_SETTINGS, "steps", 1, "experiment", "variants")


def faults_of(folder: Path, written: str, instead: str) -> list[str]:
    assert _PLAN.count(written) == 1
    file = folder / PLAN_FILE.name
    file.write_text(_PLAN.replace(written, instead), encoding="utf-8")
    return plan_faults(file)


def at(path: tuple[str | int, ...], what: str) -> str:
    line = read_yaml(_PLAN, source="")[1].of(path)
    return f"{PLAN_FILE.name}:{line}: {'.'.join(map(str, path))}: {what}"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://shop.example.org/cart",
        "https://example.com/cart",
        "https://evilshop.example.com/cart",
        "https://shop.example.com.evil.example/cart",
        "https://shop.example.com@evil.example/cart",
        "https://evil.example/?shop.example.com",
    ],
)
def test_a_link_that_leads_away_from_the_shop_is_a_fault(elsewhere: str, tmp_path: Path) -> None:
    wrong = at(
        (*_SETTINGS, "restore_url"), "leads away from the shop, which is at shop.example.com and below it"
    )
    assert faults_of(tmp_path, _RESTORE, elsewhere) == [wrong]


@pytest.mark.parametrize("own", ["https://shop.example.com", "https://m.Shop.example.com:8443/cart?x=1#y"])
def test_the_shops_own_pages_and_those_below_it_are_fine(own: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, _RESTORE, f'"{own}"') == []


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("https://evil.example\\.shop.example.com/cart", "has a backslash, which browsers take for a slash"),
        ("https://asha@shop.example.com/cart", "names a user before the host"),
        ("https://shop.example.com/cart?a=1&token=2", "has a token of its own; ours comes there"),
        ("https://shop.example.com/cart?%74oken", "has a token of its own; ours comes there"),
        ("https://evil.example\uff0f.shop.example.com", "is no address"),
        ("https://[shop.example.com", "is no address"),
    ],
)
def test_a_link_that_programs_read_in_different_ways_is_a_fault(
    address: str, what: str, tmp_path: Path
) -> None:
    assert faults_of(tmp_path, _RESTORE, f"'{address}'") == [at((*_SETTINGS, "restore_url"), what)]


def test_an_order_counts_as_recovered_for_two_months_at_most(tmp_path: Path) -> None:
    _, _, between = _PLAN.partition("recovered_within: 3d\n")
    between = between.partition("keep_cart_for: 30d")[0]
    windows = f"recovered_within: {{}}\n{between}keep_cart_for: {{}}"
    longest, longer = (windows.format(f"{days}d", "70d") for days in (60, 61))
    assert faults_of(tmp_path, windows.format("3d", "30d"), longest) == []
    found = faults_of(tmp_path, windows.format("3d", "30d"), longer)
    assert found == [at((*_SETTINGS, "recovered_within"), "at most 60d")]


def test_a_steps_subject_that_nobody_wrote_is_a_fault_in_each_language_that_lacks_it(tmp_path: Path) -> None:
    mail = "mail: cart_last_call"
    found = faults_of(tmp_path, mail, f"{mail}\n          subject: subject_plea")
    where = (*_SETTINGS, "steps", 2)
    line = read_yaml(_PLAN, source="")[1].of((*where, "mail")) + 1
    assert found == [
        f"{PLAN_FILE.name}:{line}: {'.'.join(map(str, where))}.subject: "
        f"cart_last_call has no subject_plea in {language}.toml"
        for language in ("en", "hi")
    ]


def test_a_variants_subject_that_nobody_wrote_is_a_fault(tmp_path: Path) -> None:
    found = faults_of(tmp_path, "subject: subject_question}", "subject: subject_answer}")
    wrong = "cart_second_reminder has no subject_answer in en.toml"
    assert found[0] == at((*_VARIANTS, "question", "subject"), wrong)


def test_a_variants_own_mail_must_have_the_subject_that_is_asked_of_it(tmp_path: Path) -> None:
    asking = "{weight: 45, subject: subject_question}"
    found = faults_of(tmp_path, asking, "{weight: 45, subject: subject_question, mail: cart_reminder}")
    wrong = "cart_reminder has no subject_question in en.toml"
    assert found[0] == at((*_VARIANTS, "question", "subject"), wrong)
    assert faults_of(tmp_path, asking, "{weight: 45, mail: cart_reminder}") == []


def test_an_incentive_for_a_tier_that_nobody_can_have_is_a_fault(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path, "percent: 10\n", "percent: 10\n            by_tier: {platinum: {percent: 20}}\n"
    )
    where = (*_SETTINGS, "steps", 2, "incentive", "percent")
    line = read_yaml(_PLAN, source="")[1].of(where) + 1
    assert len(found) == 1
    assert found[0].startswith(f"{PLAN_FILE.name}:{line}: ")
    assert found[0].endswith(
        "steps.2.incentive.by_tier.platinum: no tier of the plan's: bronze, gold, silver"
    )
