"""`rishta plan publish`, `diff`, `show`, `versions` and `withdraw`, as a marketer's engineer types them."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import time_machine
from moto import mock_aws
from typer.testing import CliRunner, Result

from engagement.plan import PLAN_FILE, read_plan
from engagement.published_plan import read_published
from rishta_cli.plans.commands import plan_app
from rishta_cli.plans.followed import followed_plan
from shop_facts import NOW

TEXT = PLAN_FILE.read_text(encoding="utf-8")
FASTER = TEXT.replace("- after: 1h", "- after: 30m", 1)
NAME = "/rishta/engagement-plan"


@pytest.fixture(autouse=True)
def ssm() -> Iterator[Any]:
    """Of a stack called rishta, to which nothing is published yet."""
    template = {"Resources": {"LogGroup": {"Type": "AWS::Logs::LogGroup"}}}
    with mock_aws(), time_machine.travel(NOW, tick=False):
        boto3.client("cloudformation").create_stack(StackName="rishta", TemplateBody=json.dumps(template))
        # One was published, and withdrawn.
        boto3.client("ssm").put_parameter(Name=NAME, Value="-", Type="String", Tier="Intelligent-Tiering")
        yield boto3.client("ssm")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A plan in which the first nudge leaves after half an hour, not an hour."""
    return written(tmp_path, FASTER)


def written(folder: Path, text: str) -> Path:
    file = folder / "new_plan.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def plan(*words: str | Path | int, stack: str | None = "rishta") -> Result:
    at = ["--stack", stack] if stack else []
    return CliRunner().invoke(plan_app, [*map(str, words), *at])


def present(ssm: Any) -> dict[str, Any]:
    found: dict[str, Any] = ssm.get_parameter(Name=NAME)["Parameter"]
    return found


def first_nudge(ssm: Any) -> str:
    published = read_published(present(ssm)["Value"])
    assert published
    return str(published.campaign("cart_nudge").settings["steps"][0]["after"])


def test_a_plan_is_published_after_it_is_told_what_changes(ssm: Any, file: Path) -> None:
    done = plan("publish", file)
    assert done.exit_code == 0, done.output
    assert "cart_nudge (Conversion team)\n  steps, cart_reminder, after: 1h → 30m\n" in done.output
    assert "Version 2 of rishta; every function follows it within 5 minutes." in done.output
    assert first_nudge(ssm) == "30m"
    assert len(present(ssm)["Value"]) < 8192


def test_a_dry_run_tells_the_same_and_changes_nothing(ssm: Any, file: Path) -> None:
    done = plan("publish", file, "--dry-run")
    assert done.exit_code == 0, done.output
    assert "steps, cart_reminder, after: 1h → 30m" in done.output
    assert "Nothing was changed: --dry-run." in done.output
    assert (present(ssm)["Value"], present(ssm)["Version"]) == ("-", 1)


def test_a_broken_plan_is_refused_by_its_lines(ssm: Any, tmp_path: Path) -> None:
    file = written(tmp_path, TEXT.replace("local_hour: 9", "local_hour: 24", 1))
    line = 1 + TEXT[: TEXT.index("local_hour: 9")].count("\n")
    done = plan("publish", file)
    assert done.exit_code == 1
    assert f"new_plan.yaml:{line}: campaigns.birthday_offer.settings.local_hour: " in done.output
    assert "Not published" in done.output
    assert present(ssm)["Version"] == 1


def test_a_plan_that_ssm_would_not_take_is_refused_with_the_figures(ssm: Any, tmp_path: Path) -> None:
    chance = random.Random(3)
    words = ", ".join("".join(chance.choices("abcdefghijklmnop", k=12)) for _ in range(900))
    done = plan("publish", written(tmp_path, TEXT.replace("en: [bitch,", f"en: [{words}, bitch,")))
    assert done.exit_code == 1
    assert "characters packed, and SSM takes 8,192" in done.output
    assert present(ssm)["Version"] == 1


def test_what_is_followed_already_is_not_published_again(ssm: Any, file: Path) -> None:
    assert "Nothing to publish to rishta." in plan("publish").output
    plan("publish", file)
    done = plan("publish", written(file.parent, f"# another comment\n{FASTER}"))
    assert (done.exit_code, "Nothing to publish to rishta." in done.output) == (0, True), done.output
    assert present(ssm)["Version"] == 2


def test_an_earlier_version_comes_back(ssm: Any, file: Path) -> None:
    plan("publish", file)
    plan("publish", written(file.parent, FASTER.replace("after: 30m", "after: 3h")))
    assert first_nudge(ssm) == "3h"
    done = plan("publish", "--version", 2)
    assert (done.exit_code, "after: 3h → 30m" in done.output) == (0, True), done.output
    assert "To go back: rishta plan publish --version 3 --stack rishta" in done.output
    assert (first_nudge(ssm), present(ssm)["Version"]) == ("30m", 4)


def test_a_version_that_there_is_not_is_said(ssm: Any, file: Path) -> None:
    done = plan("publish", "--version", 7)
    assert (done.exit_code, "There is no version 7" in done.output) == (2, True), done.output
    assert plan("publish", "--version", 1).exit_code == 2  # nothing was published then
    assert plan("publish", file, "--version", 1).exit_code == 2
    assert present(ssm)["Version"] == 1


def test_a_plan_broken_by_hand_is_named_and_put_right(ssm: Any, file: Path) -> None:
    ssm.put_parameter(Name=NAME, Value="shop: {name: Chai}", Overwrite=True)
    shown = plan("show")
    assert (shown.exit_code, "version 2:1: shop.website: Field required" in shown.output) == (1, True)
    assert "is refused by the functions" in plan("diff", file).output
    done = plan("publish")
    assert (done.exit_code, "is refused by the functions" in done.output) == (0, True), done.output
    assert "To go back" not in done.output
    assert first_nudge(ssm) == "1h"


def test_what_is_published_is_withdrawn(ssm: Any, file: Path) -> None:
    assert "Nothing is published" in plan("withdraw").output
    plan("publish", file)
    assert plan("withdraw", "--dry-run").exit_code == 0
    assert first_nudge(ssm) == "30m"
    done = plan("withdraw")
    assert (done.exit_code, "after: 30m → 1h" in done.output) == (0, True), done.output
    assert present(ssm)["Value"] == "-"


def test_operators_commands_see_the_newest_good_plan_that_is_published(ssm: Any, file: Path) -> None:
    def first_nudge_after(stack: str = "rishta") -> str:
        return str(followed_plan(stack).plan.campaign("cart_nudge").settings["steps"][0]["after"])

    assert first_nudge_after() == first_nudge_after("never-deployed") == "1h"
    plan("publish", file)
    assert first_nudge_after() == "30m"
    for broken in ("shop: {name: Chai}", "packed:?"):
        ssm.put_parameter(Name=NAME, Value=broken, Overwrite=True)
    assert first_nudge_after() == "30m"
    plan("withdraw")
    assert first_nudge_after() == "1h"


def test_versions_tell_when_and_why(file: Path) -> None:
    plan("publish", file, "--note", "Exam week")
    plan("publish", PLAN_FILE)
    output = plan("versions").output
    assert "Exam week: cart_nudge: steps, cart_reminder, after: 1h -> 30m" in output
    rows = [line.split()[0] for line in output.splitlines() if "2027-03-01 12:00" in line]
    assert rows == ["3", "2", "1"]


def test_the_plan_shown_is_the_files_without_comments_line_by_line(file: Path) -> None:
    plan("publish", file)
    shown = plan("show").stdout
    assert read_plan(shown, source="x").model_dump() == read_plan(FASTER, source="x").model_dump()
    assert shown.splitlines().index("campaigns:") == FASTER.splitlines().index("campaigns:")
    assert plan("show", "--version", 9).exit_code == 2
    assert plan("show", stack=None).stdout == TEXT


def test_a_diff_says_what_differs_by_its_exit_code_too(file: Path) -> None:
    same, other = plan("diff", stack=None), plan("diff", file)
    assert (same.exit_code, "Nothing differs." in same.output) == (0, True), same.output
    assert (other.exit_code, "after: 1h → 30m" in other.output) == (1, True), other.output
    assert plan("diff", file, "--campaign", "birthday_offer").exit_code == 0
    assert "after: 1h → 30m" in plan("diff", file, "--campaign", "cart_nudge").output


def test_an_unknown_campaign_is_said_with_those_there_are(file: Path) -> None:
    done = plan("diff", file, "--campaign", "cart_nugde")
    assert done.exit_code == 2
    assert "No plan has a campaign cart_nugde; they have anniversary_offer, " in done.output


def test_a_stack_that_there_is_not_is_said_without_a_traceback() -> None:
    done = plan("publish", stack="another")
    assert (done.exit_code, "Traceback" in done.output) == (1, False), done.output


def test_what_another_hand_published_in_between_is_said(
    ssm: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "rishta_cli.plans.publishing.differences",
        lambda *_: ssm.put_parameter(Name=NAME, Value="-", Overwrite=True) and {"shop": ["name: A → B"]},
    )
    assert "Somebody else published at the same time" in plan("publish", file).output
