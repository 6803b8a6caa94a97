"""Figures, as people read them."""

from dataclasses import dataclass

from engagement.money import Money, display_money
from rishta_cli.experiments.figures import Interval


@dataclass(frozen=True)
class Shown:
    """An estimate, and between what the truth may lie: nothing where that is not known."""

    estimate: str
    between: str = ""

    def __str__(self) -> str:
        return f"{self.estimate} ({self.between})" if self.between else self.estimate


NOTHING = Shown("–")


def percent(interval: Interval | None) -> Shown:
    """`8.3 % (6.9 to 9.9)`."""
    if interval is None:
        return NOTHING
    return Shown(f"{100 * interval.estimate:.1f} %", f"{100 * interval.low:.1f} to {100 * interval.high:.1f}")


def points(interval: Interval | None) -> Shown:
    """Percentage points, with their sign: `+1.2 (−0.4 to +2.8)`."""
    if interval is None:
        return NOTHING
    estimate, low, high = (
        f"{100 * each:+.1f}".replace("-", "−") for each in (interval.estimate, interval.low, interval.high)
    )
    return Shown(estimate, f"{low} to {high}")


def money(interval: Interval | None, currency: str) -> Shown:
    """`₹83.20 (₹69 to ₹99)`."""
    if interval is None:
        return NOTHING
    estimate, low, high = (
        amount(round(each), currency) for each in (interval.estimate, interval.low, interval.high)
    )
    return Shown(estimate, f"{low} to {high}")


def amount(minor: int, currency: str) -> str:
    """`₹83.20`, of minor units."""
    # Not validated: the bounds are for what comes in, and a sum may be larger.
    return display_money(Money.model_construct(amount_minor=minor, currency=currency), "en")


def share(part: float | None) -> str:
    """`8.3 %`."""
    return NOTHING.estimate if part is None else f"{100 * part:.1f} %"
