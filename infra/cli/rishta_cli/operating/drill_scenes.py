"""The mishaps of the operator's drill: what goes wrong, and which commands put it right."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from engagement.events.orders import OrderPaid
from engagement.plan import PLAN_FILE
from rishta_cli.demo.steps import money
from rishta_cli.operating.drill_day import LASTS, MENDED, MISHAP, START, Day
from rishta_cli.operating.mishaps import BROKEN_PLAN, UNREADABLE, ses_paused, table_throttled
from rishta_cli.operating.pausing import pause, resume
from rishta_cli.operating.redriving import Redrive, redrive
from rishta_cli.operating.replaying import Replaying, replay
from rishta_cli.operating.status import status
from rishta_cli.plans.published import PlanParameter, deployed_text
from rishta_cli.plans.publishing import publish
from rishta_cli.stacks import Stack


class DrillError(Exception):
    """A command answered otherwise than it should."""


@dataclass(frozen=True)
class Operator:
    """Who sits at the terminal. `shows` is told what is typed."""

    stack: Stack
    shows: Callable[[str], None]

    def types(self, words: str, command: Callable[..., int], *arguments: object, answers: int) -> None:
        """Runs a command on the stack. Raises DrillError for another exit code than that."""
        self.shows(f"$ rishta {words}")
        found = command(self.stack, *arguments)
        if found != answers:
            raise DrillError(f"`rishta {words}` answered {found}, and should have answered {answers}")


@dataclass(frozen=True)
class Scene:
    """`play` lives through the day with its mishap, to its end. It raises DrillError."""

    title: str
    what: str
    play: Callable[[Day, Operator], None]


def _ses_is_paused(day: Day, operator: Operator) -> None:
    day.until(MISHAP)
    with ses_paused(day.cloud):
        day.until(MISHAP + timedelta(minutes=40))
        operator.types("status", status, day.cloud.now, answers=1)
        # Nobody knows yet whose mails did it: nudges wait until somebody has looked.
        operator.types("pause cart_nudge", pause, "cart_nudge", answers=0)
        day.until(MENDED)
    operator.types("status", status, day.cloud.now, answers=1)
    operator.types("resume cart_nudge", resume, "cart_nudge", answers=0)
    day.until(LASTS)


def _poison(day: Day, operator: Operator) -> None:
    day.until(MISHAP)
    day.cloud.send("CartNudgesQueue", UNREADABLE)
    euros = OrderPaid(
        event_id="paid-order-x",
        occurred_at=day.cloud.now,
        order_id="order-x",
        customer_id="asha",
        amount=money(19),
    ).model_dump(mode="json")
    day.cloud.publish("OrderPaid", euros | {"amount": {"amount_minor": "19.99", "currency": "euro"}})
    day.until(MENDED)
    operator.types("status", status, day.cloud.now, answers=1)
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / "aside.jsonl"
        move = Redrive(go=True, set_aside=aside)
        for queue in sorted(day.cloud.dead_letters()):
            operator.types(f"redrive {queue}", redrive, queue, Redrive(), answers=1)
            words = f"redrive {queue} --go --set-aside {aside.name}"
            operator.types(words, redrive, queue, move, answers=0)
    day.until(LASTS)


def _plan_is_broken(day: Day, operator: Operator) -> None:
    day.until(MISHAP)
    plans = PlanParameter(operator.stack.client("ssm"), operator.stack.parameter_name("engagement-plan"))
    # By hand, past every check.
    plans.ssm.put_parameter(Name=plans.name, Value=BROKEN_PLAN, Type="String", Overwrite=True)
    day.until(MENDED)
    if not any("plan refused" in line for _, line in day.cloud.logs):
        raise DrillError("no function has said that the plan is broken")
    operator.types("status", status, day.cloud.now, answers=1)
    operator.types("plan publish", _publish, plans, answers=0)
    day.until(LASTS)


def _publish(stack: Stack, plans: PlanParameter) -> int:
    return publish(plans, deployed_text(), PLAN_FILE.name, stack=stack.name)


def _tables_are_throttled(day: Day, operator: Operator) -> None:
    day.until(MISHAP)
    with table_throttled(day.cloud, "LoyaltyTable", "CartsTable"):
        day.until(MENDED)
    operator.types("status", status, day.cloud.now, answers=1)
    move = Redrive(go=True, per_second=1000)
    for queue in sorted(day.cloud.dead_letters()):
        operator.types(f"redrive {queue}", redrive, queue, Redrive(), answers=0)
        operator.types(f"redrive {queue} --go", redrive, queue, move, answers=0)
    day.until(LASTS)


def _bus_is_replayed(day: Day, operator: Operator) -> None:
    day.until(LASTS - timedelta(hours=1))
    now = day.cloud.now
    span = f"--from {START:%Y-%m-%dT%H:%M} --to {now:%Y-%m-%dT%H:%M}"
    operator.types(f"replay {span}", replay, Replaying(START, now), answers=0)
    operator.types(f"replay {span} --go", replay, Replaying(START, now, go=True), answers=0)
    day.until(LASTS)


SCENES: dict[str, Scene] = {
    "ses": Scene("SES paused for an hour", "AWS pauses the account, and mail has to wait.", _ses_is_paused),
    "poison": Scene(
        "A poison message", "A cart that is cut off in the middle, and a payment in no currency.", _poison
    ),
    "plan": Scene(
        "A broken plan, published by hand",
        "It is cut off in the middle; nobody ran `plan check`.",
        _plan_is_broken,
    ),
    "tables": Scene(
        "Two tables throttled",
        "Points and carts can neither be read nor written for an hour; messages fail until they are dead letters.",
        _tables_are_throttled,
    ),
    "replay": Scene("The day's bus replayed", "Every fact of the day is told once more.", _bus_is_replayed),
}
