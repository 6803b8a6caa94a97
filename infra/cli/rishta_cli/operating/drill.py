"""`rishta drill`: five mishaps on the local cloud, each put right with an operator's commands."""

from collections.abc import Callable

from local_cloud.cloud import LocalCloud
from rishta_cli.operating.drill_day import LASTS, START, Day, Ending
from rishta_cli.operating.drill_scenes import SCENES, DrillError, Operator, Scene
from rishta_cli.project import LOCAL_PARAMETERS
from rishta_cli.saying import say
from rishta_cli.stacks import Stack


def run_drill() -> int:
    """Tells each scene and how its day ended; the exit code: 1 where anything was lost or doubled."""
    say("First the day as it is when nothing goes wrong.", style="bold")
    quiet = quiet_day()
    say(f"{quiet}\n")
    failed = []
    for scene in SCENES.values():
        say(f"{scene.title}. {scene.what}", style="bold")
        try:
            found = differences(play(scene, lambda words: say(words, style="cyan")), quiet)
        except DrillError as error:
            found = [str(error)]
        for difference in found:
            say(difference, style="red")
        if found:
            failed.append(scene.title)
        else:
            say(
                "The day ended as the quiet one: each mail once, the same points, no dead letters.\n",
                style="green",
            )
    if failed:
        say(f"{len(failed)} of {len(SCENES)} drills failed: {', '.join(failed)}.", style="bold red")
        return 1
    say(f"All {len(SCENES)} drills ended as they should: nothing lost, nothing doubled.", style="bold green")
    return 0


def quiet_day() -> Ending:
    """The day without a mishap."""
    with LocalCloud(now=START, parameters=LOCAL_PARAMETERS) as cloud:
        day = Day(cloud)
        day.until(LASTS)
        return day.ending()


def play(scene: Scene, shows: Callable[[str], None]) -> Ending:
    """The day with the scene's mishap. Raises DrillError where a command answers otherwise than it should."""
    with LocalCloud(now=START, parameters=LOCAL_PARAMETERS) as cloud:
        day = Day(cloud)
        scene.play(day, Operator(Stack.of(cloud), shows))
        return day.ending()


def differences(found: Ending, expected: Ending) -> list[str]:
    """What was lost and what was doubled, a line each."""
    lost = [key for key, number in expected.mails.items() if found.mails.get(key, 0) < number]
    doubled = [key for key, number in found.mails.items() if expected.mails.get(key, 0) < number]
    told = [f"the mail {key} was lost" for key in lost] + [
        f"the mail {key} left too often" for key in doubled
    ]
    for who, points in expected.points.items():
        if found.points[who] != points:
            told.append(f"{who} has {found.points[who]} and not {points}")
    told += [f"the ledger's audit: {fault}" for fault in found.faults]
    return told + [f"{number} left: {where}" for where, number in found.undone.items()]
