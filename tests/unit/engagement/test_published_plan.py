"""Which plan an execution environment follows, whatever is published and whether or not SSM answers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE, EngagementPlan, engagement_plan, read_plan
from engagement.published_plan import NONE_PUBLISHED, Parameter, PublishedPlan, pack, read_published, unpack
from shop_facts import NOW

TEXT = PLAN_FILE.read_text(encoding="utf-8")
WRONG = "shop: {name: Chai}"


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def plan_text(name: str) -> str:
    """The shop is called otherwise, so that its plan is known by it."""
    return TEXT.replace("name: Chai & Co", f"name: {name}", 1)


class Shelf:
    """Keeps what was published, as SSM does, and can be away."""

    def __init__(self, *values: str) -> None:
        self.values = list(values)
        self.away = False
        self.looks = 0

    def newest(self) -> Parameter:
        self.looks += 1
        return self.version(len(self.values))

    def version(self, number: int) -> Parameter:
        if self.away:
            raise TimeoutError("SSM does not answer")
        return Parameter(self.values[number - 1], number)


def follows(published: PublishedPlan, after: timedelta = timedelta(0)) -> str:
    return published.current(NOW + after).shop.name


def told(caplog: pytest.LogCaptureFixture, message: str) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.message == message]


def counted(output: str) -> int:
    """How often PlanRefused was, each once in all and for the service."""
    return sum("PlanRefused" in line for line in output.splitlines() if '"_aws"' in line)


def test_a_plan_is_packed_without_its_comments_and_keeps_its_lines() -> None:
    text = unpack(pack(TEXT))
    assert text is not None
    assert "#" not in text.replace('"#', "")
    assert read_plan(text, source="x").model_dump() == engagement_plan().model_dump()
    wrong = unpack(pack(TEXT.replace("claim_lease: 4m", "claim_lease: 4")))
    line = 1 + TEXT[: TEXT.index("claim_lease: 4m")].count("\n")
    with pytest.raises(InvalidPlanError, match=f"^published plan:{line}: delivery.claim_lease: "):
        read_published(pack(wrong or ""))


def test_the_packed_plan_has_room_to_grow_in_a_parameter_of_8_kb() -> None:
    assert len(pack(TEXT)) < 8192 * 2 // 3


def test_a_line_that_only_looks_like_a_comment_is_kept() -> None:
    text = TEXT + "\nnotes: |\n  # not a comment\n  and this\n"
    assert unpack(pack(text)) == text


def test_what_was_put_there_by_hand_is_read_as_it_is() -> None:
    plan = read_published(TEXT)
    assert plan
    assert plan.model_dump() == engagement_plan().model_dump()


@pytest.mark.parametrize(
    "value",
    ["packed:!", "packed:YWJj", pack(TEXT)[:-8], "", "- a", "{", '!!int "x"', "? [a, b]\n: c", "[" * 5000],
    ids=["no base64", "not compressed", "cut", "empty", "a list", "half", "no number", "an odd key", "deep"],
)
def test_what_is_no_plan_is_refused(value: str) -> None:
    with pytest.raises(InvalidPlanError):
        read_published(value)


def test_none_published_is_no_plan() -> None:
    assert read_published(NONE_PUBLISHED) is None
    assert PublishedPlan(Shelf(NONE_PUBLISHED)).current(NOW) is engagement_plan()


def test_a_publication_is_followed_within_five_minutes_and_looked_for_no_oftener() -> None:
    shelf = Shelf(NONE_PUBLISHED)
    published = PublishedPlan(shelf)
    assert follows(published) == "Chai & Co"
    shelf.values.append(pack(plan_text("Filter Coffee")))
    assert [follows(published, timedelta(seconds=second)) for second in (0, 1, 299)] == ["Chai & Co"] * 3
    assert shelf.looks == 1
    assert follows(published, minutes(5)) == "Filter Coffee"
    assert shelf.looks == 2


def test_a_plan_that_stays_is_read_once() -> None:
    published = PublishedPlan(Shelf(pack(TEXT)))
    assert published.current(NOW) is published.current(NOW + minutes(30))


def test_a_withdrawn_plan_leaves_the_deployed_one() -> None:
    shelf = Shelf(pack(plan_text("Filter Coffee")))
    published = PublishedPlan(shelf)
    assert follows(published) == "Filter Coffee"
    shelf.values.append(NONE_PUBLISHED)
    assert follows(published, minutes(5)) == "Chai & Co"


def test_a_clock_that_was_put_back_delays_no_look() -> None:
    shelf = Shelf(NONE_PUBLISHED)
    published = PublishedPlan(shelf)
    follows(published, minutes(600))
    shelf.values.append(pack(plan_text("Filter Coffee")))
    assert follows(published) == "Filter Coffee"


def test_a_broken_plan_changes_nothing_where_a_good_one_is_in_hand(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(pack(plan_text("Filter Coffee")))
    published = PublishedPlan(shelf)
    follows(published)
    shelf.values.append(pack(WRONG))
    capsys.readouterr()
    assert {follows(published, minutes(5) + timedelta(seconds=each)) for each in range(50)} == {
        "Filter Coffee"
    }
    (line,) = told(caplog, "plan refused")
    assert (line["plan_version"], line["followed_version"]) == (2, 1)
    assert "published plan:1: shop.website: Field required" in str(line["reason"])
    assert counted(capsys.readouterr().out) == 1


def test_a_broken_plan_is_counted_again_while_it_stands_so_that_its_alarm_goes_on(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(pack(WRONG))
    published = PublishedPlan(shelf)
    for each in range(3):
        follows(published, minutes(5 * each))
    assert (counted(capsys.readouterr().out), len(told(caplog, "plan refused"))) == (3, 1)
    shelf.values.append(pack(plan_text("Filter Coffee")))
    assert follows(published, minutes(15)) == "Filter Coffee"
    follows(published, minutes(20))
    assert counted(capsys.readouterr().out) == 0


@pytest.mark.parametrize(
    ("earlier", "followed"),
    [
        ([pack(plan_text("Filter Coffee"))], "Filter Coffee"),
        ([pack(plan_text("Filter Coffee")), pack(WRONG)], "Filter Coffee"),
        ([pack(plan_text("Filter Coffee")), NONE_PUBLISHED], "Chai & Co"),
        ([pack(plan_text("Filter Coffee")), *[WRONG] * 3], "Chai & Co"),
        ([], "Chai & Co"),
    ],
    ids=["the one before", "the one before the last broken one", "withdrawn", "too far back", "none before"],
)
def test_a_new_execution_environment_takes_the_last_good_plan_before_a_broken_one(
    earlier: list[str], followed: str
) -> None:
    assert follows(PublishedPlan(Shelf(*earlier, pack(WRONG)))) == followed


def test_while_ssm_is_away_the_plan_in_hand_goes_on(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(pack(plan_text("Filter Coffee")))
    published = PublishedPlan(shelf)
    follows(published)
    shelf.away = True
    assert follows(published, minutes(5)) == "Filter Coffee"
    assert len(told(caplog, "plan not looked up")) == 1
    assert counted(capsys.readouterr().out) == 0


def test_who_never_reached_ssm_follows_the_deployed_plan_and_looks_again_soon() -> None:
    shelf = Shelf(pack(plan_text("Filter Coffee")))
    shelf.away = True
    published = PublishedPlan(shelf)
    assert follows(published) == "Chai & Co"
    shelf.away = False
    assert follows(published, timedelta(seconds=29)) == "Chai & Co"
    assert follows(published, timedelta(seconds=30)) == "Filter Coffee"


def test_a_plan_that_a_rooms_own_rules_refuse_gives_way_to_the_one_before() -> None:
    shelf = Shelf(pack(plan_text("Filter Coffee")))
    published = PublishedPlan(shelf)
    follows(published)
    shelf.values.append(pack(plan_text("Juice Bar")))
    published.refuse(published.current(NOW + minutes(5)), InvalidPlanError("no such mail"))
    assert follows(published, minutes(5)) == "Filter Coffee"


def test_the_deployed_plan_cannot_be_refused() -> None:
    published = PublishedPlan(Shelf(NONE_PUBLISHED))
    with pytest.raises(InvalidPlanError, match="no such mail"):
        published.refuse(published.current(NOW), InvalidPlanError("no such mail"))


def test_many_threads_see_one_plan_by_one_look() -> None:
    shelf = Shelf(pack(plan_text("Filter Coffee")))
    published = PublishedPlan(shelf)
    with ThreadPoolExecutor(16) as pool:
        plans: list[EngagementPlan] = list(pool.map(published.current, [NOW] * 200))
    assert all(plan is plans[0] for plan in plans)
    assert shelf.looks == 1
