"""The engagement plan is right, and a wrong one is told by its line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from engagement.plan import PLAN_FILE, read_plan
from engagement.plan_yaml import read_yaml
from rishta_cli.plan_checking import campaign_settings, plan_faults, shared_settings
from rishta_cli.project import FUNCTIONS
from tests.architecture.source_code import assert_none, doors
from tests.architecture.stack import FUNCTIONS_IN_TEMPLATE, RESOURCES, door_name

_PLAN = PLAN_FILE.read_text(encoding="utf-8").splitlines()
_CAMPAIGNS = read_plan("\n".join(_PLAN), source=PLAN_FILE.name).campaigns
_LINES = read_yaml("\n".join(_PLAN), source=PLAN_FILE.name)[1]

type Mistake = Callable[[list[str], int], int]
"""Makes a mistake on a line of the plan, counted from 1; returns the line on which it should be found."""


def _value(value: str) -> Mistake:
    """The key's value, however many lines it takes, is another."""

    def make(plan: list[str], line: int) -> int:
        key = plan[line - 1].partition(":")[0]
        plan[line - 1 : _end_of(plan, line)] = [f"{key}: {value}"]
        return line

    return make


def _unknown_key(plan: list[str], line: int) -> int:
    plan.insert(line - 1, f"{_indent(plan[line - 1])}shoe_size: 43")
    return line


def _repeated_key(plan: list[str], line: int) -> int:
    plan.insert(line, plan[line - 1])
    return line + 1


def _tab(plan: list[str], line: int) -> int:
    plan[line - 1] = "\t" + plan[line - 1].strip()
    return line


def _remove(plan: list[str], line: int) -> int:
    """The fault is found on the line of what should have the key: the nearest one above that is indented less."""
    indent = _indent(plan[line - 1])
    del plan[line - 1 : _end_of(plan, line)]
    return next(
        number
        for number in range(line - 1, 0, -1)
        if plan[number - 1].strip() and not plan[number - 1].startswith(indent)
    )


def _logo(plan: list[str], line: int) -> int:
    plan.insert(line, f"{_indent(plan[line - 1])}logo: {{url: http://shop.example.com/logo.png, width: 160}}")
    return line + 1


def _faint_button(plan: list[str], line: int) -> int:
    """White on a pale accent; what cannot be read is a fault of the colours together."""
    for number in range(line, _end_of(plan, line)):
        plan[number] = plan[number].replace('accent: "#9a3412"', 'accent: "#e8a87c"')
    return line


def _end_of(plan: list[str], line: int) -> int:
    """The last line of the value that begins on this one."""
    deeper = f"{_indent(plan[line - 1])} "
    end = line
    while end < len(plan) and plan[end].startswith(deeper):
        end += 1
    return end


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _another_capability(plan: list[str], line: int) -> int:
    plan.insert(line, f"{_indent(plan[line - 1])}capability: occasion_offers")
    return line + 1


def _misspelt_tier(plan: list[str], line: int) -> int:
    plan[line - 1] = plan[line - 1].replace("gold", "platinum")
    return line


def _shouted_tier(plan: list[str], line: int) -> int:
    plan[line - 1] = plan[line - 1].replace("name: silver", "name: SILVER")
    return line


def _two_benefits(plan: list[str], line: int) -> int:
    """Found where the offer begins."""
    plan.insert(line, f"{_indent(plan[line - 1])}percent: 10")
    return line - 1


_OCCASIONS = ("birthday_offer", "first_anniversary_offer", "anniversary_offer")
_ANNIVERSARY = ("campaigns", "anniversary_offer", "settings")
_MISTAKES: dict[str, tuple[tuple[str | int, ...], Mistake]] = {
    "a list instead of a text": (("shop", "name"), _value("[Chai, Co]")),
    "a section that is a text": (("delivery",), _value("quick")),
    "a locale that is none": (("shop", "locale"), _value("English")),
    "a time zone that is none": (("shop", "time_zone"), _value("Asia/Atlantis")),
    "an address without https": (("shop", "website"), _value("http://shop.example.com")),
    "a colour that is none": (("shop", "brand", "colours", "accent"), _value("red")),
    "a colour that is missing": (("shop", "brand", "dark_colours", "line"), _remove),
    "a button that cannot be read": (("shop", "brand", "colours"), _faint_button),
    "a logo without https": (("shop", "brand", "headings"), _logo),
    "a page elsewhere without https": (("shop", "brand", "social", "Instagram"), _value("chai-and-co")),
    "a duration without a unit": (("delivery", "claim_lease"), _value("4")),
    "a duration of nothing": (("delivery", "claim_lease"), _value("0m")),
    "a duration in words": (("delivery", "keep_log_for"), _value("400 days")),
    "a key that nobody knows": (("shop", "name"), _unknown_key),
    "a section that nobody knows": (("shop",), _unknown_key),
    "a key that is missing": (("shop", "postal_address"), _remove),
    "a key given twice": (("shop", "locale"), _repeated_key),
    "an age that is none": (("delivery", "minimum_age"), _value("16y")),
    "a span of the offers that is none": (("offers", "keep_for"), _value("a year")),
    "a capability that is none": (("campaigns", "birthday_offer", "capability"), _value("birthday_offers")),
    "a capability beside one of its own": (("campaigns", "cart_nudge", "kind"), _another_capability),
    "an offer for a tier that is none": ((*_ANNIVERSARY, "offer", "by_tier", "gold"), _misspelt_tier),
    "a tier whose name is none": (("tiers", "steps", 1, "name"), _shouted_tier),
    "an offer of two things": ((*_ANNIVERSARY, "offer", "points"), _two_benefits),
    "an hour that is none": ((*_ANNIVERSARY, "local_hour"), _value("24")),
    "a day that is kept on another one": ((*_ANNIVERSARY, "leap_day_observed_on"), _value("02-27")),
    "a topic that is none": (("campaigns", "birthday_offer", "topic"), _value("gossip")),
    "a channel that is none": (("campaigns", "cart_nudge", "channel"), _value("pigeon")),
    "a campaign without a purpose": (("campaigns", "cart_nudge", "purpose"), _remove),
    "a topic without a name for the shop": (("topics", "reviews"), _value("{hi: राय}")),
    "what is no YAML": (("shop", "locale"), _tab),
}


def _settings() -> Iterator[object]:
    """Every field that a capability wants to find in its campaign's settings; of several campaigns in the first."""
    models: list[tuple[str, type[BaseModel]]] = [(model.campaign, model) for model in campaign_settings()]
    for shared in shared_settings():
        run = (name for name, campaign in _CAMPAIGNS.items() if campaign.capability == shared.capability)
        models.append((next(run), shared))
    for name, model in models:
        for field, field_info in model.model_fields.items():
            if field_info.is_required():
                yield pytest.param(name, field, id=f"{name}.{field}")


def test_the_plan_is_right() -> None:
    assert plan_faults(PLAN_FILE) == []


@pytest.mark.parametrize("mistake", _MISTAKES)
def test_a_mistake_is_found_on_its_line(mistake: str, tmp_path: Path) -> None:
    path, make = _MISTAKES[mistake]
    _assert_found(tmp_path, _LINES.of(path), make)


@pytest.mark.parametrize(("campaign", "field"), list(_settings()))
@pytest.mark.parametrize(
    "make",
    [_value("[[]]"), _unknown_key, _remove, _repeated_key],
    ids=["wrong", "unknown", "missing", "twice"],
)
def test_a_mistake_in_a_campaigns_settings_is_found_on_its_line(
    campaign: str, field: str, make: Mistake, tmp_path: Path
) -> None:
    path = ("campaigns", campaign, "settings", field)
    _assert_found(tmp_path, _LINES.of(path), make)


def test_a_campaign_that_no_capability_runs_is_a_fault(tmp_path: Path) -> None:
    text = "\n".join(_PLAN).replace("  cart_nudge:", "  cart_nugde:")
    line = _LINES.of(("campaigns", "cart_nudge"))
    assert plan_faults(_written(tmp_path, text.splitlines())) == [
        f"{PLAN_FILE.name}: campaigns: there is no 'cart_nudge'",
        f"{PLAN_FILE.name}:{line}: campaigns.cart_nugde: no capability runs it, and it names none",
    ]


def test_every_campaign_of_a_capability_is_looked_at_whatever_is_wrong_with_another(tmp_path: Path) -> None:
    lines = [_LINES.of(("campaigns", name, "settings", "local_hour")) for name in _OCCASIONS]
    plan = list(_PLAN)
    for line in lines:
        _value("24")(plan, line)
    assert [fault.split(": ")[0] for fault in plan_faults(_written(tmp_path, plan))] == [
        f"{PLAN_FILE.name}:{line}" for line in lines
    ]


def test_a_further_occasion_is_an_entry_of_the_plan_and_nothing_else(tmp_path: Path) -> None:
    first, end = (_LINES.of(("campaigns", name)) - 1 for name in _OCCASIONS[:2])
    wedding = [line.replace("birthday", "wedding_day") for line in _PLAN[first:end]]
    wedding = [line.replace("mail: wedding_day_offer", "mail: occasion_offer") for line in wedding]
    plan = [*_PLAN[:end], *wedding, *_PLAN[end:]]
    assert any("wedding_day_offer:" in line for line in plan)
    assert plan_faults(_written(tmp_path, plan)) == []


def test_a_shop_whose_language_no_mail_is_written_in_is_a_fault(tmp_path: Path) -> None:
    text = (
        "\n".join(_PLAN).replace("locale: en-IN", "locale: hi-IN").replace("locale: hi-IN", "locale: ta-IN")
    )
    text = text.replace("{en: ", "{ta: ராஜா, en: ")
    assert plan_faults(_written(tmp_path, text.splitlines())) == [
        f"{PLAN_FILE.name}:{_LINES.of(('shop', 'locale'))}: shop.locale: no mail is written in 'ta', only in en, hi"
    ]


def _assert_found(folder: Path, line: int, make: Mistake) -> None:
    plan = list(_PLAN)
    found_on = make(plan, line)
    faults = plan_faults(_written(folder, plan))
    assert faults, "the plan is taken as it is"
    assert faults[0].startswith(f"{PLAN_FILE.name}:{found_on}: "), faults


def _written(folder: Path, plan: list[str]) -> Path:
    file = folder / PLAN_FILE.name
    file.write_text("\n".join(plan), encoding="utf-8")
    return file


@pytest.mark.parametrize("campaign", _CAMPAIGNS)
@pytest.mark.parametrize(
    "field", ["purpose", "audience", "frequency", "owner", "feedback", "measure_of_success"]
)
def test_no_campaign_is_without_the_words_that_say_why_it_exists(
    campaign: str, field: str, tmp_path: Path
) -> None:
    _assert_found(tmp_path, _LINES.of(("campaigns", campaign, field)), _remove)


def test_every_door_that_reads_the_plan_follows_the_published_one() -> None:
    """`engagement_plan()` is the plan that was deployed: a door that asked it would never hear of another."""
    wrong = [f"{door}" for door in doors() if "engagement_plan" in door.path.read_text(encoding="utf-8")]
    assert_none(wrong, "build with @for_each_plan, which gives the plan that holds")


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_who_follows_the_plan_may_read_it_and_nobody_else(function: str) -> None:
    room, _, door = door_name(FUNCTIONS_IN_TEMPLATE[function]).partition(".")
    code = (FUNCTIONS / room / room / f"{door}.py").read_text(encoding="utf-8")
    assert ("engagement-plan" in json.dumps(RESOURCES[f"{function}Role"])) == ("@for_each_plan" in code)
