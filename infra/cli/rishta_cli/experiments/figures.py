"""What an experiment's counts say, with intervals of 95 %. Money stays whole until a statistic is made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from scipy import stats

CONFIDENCE = 0.95
# Below this a difference from the planned split is no chance any more.
MISMATCH_BELOW = 0.001
# With fewer who paid the spread of what they paid is not known, nor how far a mean may be off.
FEWEST_PAYERS = 20
# With fewer expected in a group the chi-square is no good approximation.
_FEWEST_EXPECTED = 5


@dataclass(frozen=True)
class Interval:
    """An estimate, and between what the truth may lie."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Arm:
    """One variant's customers, as `cart_recovery` counts them; money in minor units."""

    variant: str
    counts: Mapping[str, int]

    def number(self, name: str) -> int:
        """Never below zero, which counters are for a moment where they are read while others write."""
        return max(0, self.counts.get(name, 0))

    @property
    def customers(self) -> int:
        return self.number("customers")

    @property
    def recovered(self) -> int:
        """Those of the customers who bought."""
        return min(self.number("recovered"), self.customers)

    @property
    def bought(self) -> float | None:
        """The share of nudged carts that an order followed."""
        carts = self.number("exposures")
        return min(1.0, self.number("orders") / carts) if carts else None

    @property
    def rate(self) -> Interval | None:
        """The share of customers with a recovered order; Wilson's interval."""
        if not self.customers:
            return None
        result = stats.binomtest(self.recovered, self.customers)
        around = result.proportion_ci(confidence_level=CONFIDENCE, method="wilson")
        return Interval(self.recovered / self.customers, float(around.low), float(around.high))

    def revenue(self, currency: str) -> Interval | None:
        """What a customer's orders left on average, in minor units, of all customers and not only of those who bought;
        Student's interval, cut off at zero. None where too few paid.
        """
        number, total = self.customers, self.number(f"revenue_{currency}")
        if min(number, self.number(f"payers_{currency}")) < FEWEST_PAYERS:
            return None
        mean = Fraction(total, number)
        variance = max(Fraction(), self.number(f"squares_{currency}") - mean * total) / (number - 1)
        half = float(stats.t.ppf((1 + CONFIDENCE) / 2, number - 1)) * sqrt(variance / number)
        return Interval(float(mean), max(0.0, float(mean) - half), float(mean) + half)


def currencies(arms: Sequence[Arm]) -> list[str]:
    """Those in which any of them was paid."""
    names = {name for arm in arms for name, number in arm.counts.items() if number}
    return sorted(name.removeprefix("revenue_") for name in names if name.startswith("revenue_"))


def difference(arm: Arm, base: Arm) -> Interval | None:
    """Between two rates; Newcombe's interval, of Wilson's two (his method 10)."""
    one, other = arm.rate, base.rate
    if one is None or other is None:
        return None
    estimate = one.estimate - other.estimate
    below = sqrt((one.estimate - one.low) ** 2 + (other.high - other.estimate) ** 2)
    above = sqrt((one.high - one.estimate) ** 2 + (other.estimate - other.low) ** 2)
    return Interval(estimate, estimate - below, estimate + above)


def sample_ratio(arms: Sequence[Arm], weights: Mapping[str, int]) -> float | None:
    """How likely customers fall so far from the planned weights by chance (chi-square); None: too few to say, or
    nothing was split.
    """
    seen = {arm.variant: arm.customers for arm in arms}
    observed = [seen.get(variant, 0) for variant in weights]
    total, weight = sum(observed), sum(weights.values())
    expected = [total * each / weight for each in weights.values()]
    if len(weights) == 1 or min(expected) < _FEWEST_EXPECTED:
        return None
    return float(stats.chisquare(observed, expected).pvalue)
