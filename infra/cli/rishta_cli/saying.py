"""How commands speak: plainly, and as wide as it needs to be."""

from datetime import datetime, timedelta

from rich.console import Console
from rich.progress import Progress, ProgressColumn

# A report that is piped into a file must not be cut.
_WIDTH = 120


def console() -> Console:
    return Console(soft_wrap=True, highlight=False, emoji=False, width=_WIDTH)


def say(text: str, *, style: str | None = None, on: Console | None = None) -> None:
    """A line, as it is: what stands in brackets is no markup. `on`: the console of a progress that is shown."""
    (on or console()).print(text, style=style, markup=False)


def shown(*columns: ProgressColumn) -> Progress:
    """Progress that is gone when the work is done, and that a file never sees."""
    out = console()
    return Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


def ago(instant: datetime, now: datetime) -> str:
    """`3 min ago`; `2 days ago`."""
    return f"{lasting(now - instant)} ago"


def lasting(span: timedelta) -> str:
    """`40 s`, `3 min`, `5 h`, `2 days`, rounded down."""
    seconds = max(0, int(span.total_seconds()))
    for size, at_least, unit in ((86_400, 2, "days"), (3_600, 2, "h"), (60, 1, "min")):
        if seconds >= at_least * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def counted(number: int, what: str) -> str:
    """`1 dead letter`, `2 dead letters`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
