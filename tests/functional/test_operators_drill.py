"""The operator's drill: whatever goes wrong, the commands bring the day to the end that it would have had."""

from dataclasses import replace

import pytest

from rishta_cli.operating.drill import differences, play, quiet_day
from rishta_cli.operating.drill_day import Ending
from rishta_cli.operating.drill_scenes import SCENES, DrillError, Operator


@pytest.fixture(scope="module")
def quiet() -> Ending:
    """The day without a mishap."""
    return quiet_day()


def test_on_a_quiet_day_mails_leave_and_points_are_earned(quiet: Ending) -> None:
    assert len(quiet.mails) >= 4
    assert any("pending" in points for points in quiet.points.values())
    assert differences(quiet, quiet) == []


@pytest.mark.parametrize("scene", SCENES)
def test_after_a_mishap_the_commands_bring_the_same_day_about(
    scene: str, quiet: Ending, capsys: pytest.CaptureFixture[str]
) -> None:
    typed: list[str] = []
    found = play(SCENES[scene], typed.append)
    assert differences(found, quiet) == []
    assert typed
    # What an operator reads over somebody's shoulder is nobody's address.
    assert "@" not in capsys.readouterr().out


class _Idle(Operator):
    """An operator who types nothing."""

    def types(self, words: str, command: object, *arguments: object, answers: int) -> None:
        pass


def test_without_the_commands_the_day_would_not_end_well(
    quiet: Ending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rishta_cli.operating.drill.Operator", _Idle)
    assert differences(play(SCENES["tables"], print), quiet)


def test_a_lost_mail_a_doubled_one_and_a_wrong_point_are_told_apart(quiet: Ending) -> None:
    first, second, *_ = quiet.mails
    found = replace(
        quiet,
        mails={**quiet.mails, first: 0, second: 2},
        points={**quiet.points, "asha": "26 points, bronze"},
        undone={"MailQueue": 1},
        faults=("asha: entry 3 follows entry 1",),
    )
    assert differences(found, quiet) == [
        f"the mail {first} was lost",
        f"the mail {second} left too often",
        f"asha has 26 points, bronze and not {quiet.points['asha']}",
        "the ledger's audit: asha: entry 3 follows entry 1",
        "1 left: MailQueue",
    ]


def test_a_command_that_answers_otherwise_ends_the_drill() -> None:
    def fails(*_: object) -> int:
        return 1

    operator = Operator(None, print)  # type: ignore[arg-type]  # no stack is looked at
    with pytest.raises(DrillError, match="`rishta status` answered 1, and should have answered 0"):
        operator.types("status", fails, answers=0)
