"""A/B/A/B: what is compared is measured in turn, so that a machine's slow moment falls on all; and medians."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

type Measure = Callable[[], float]


@dataclass(frozen=True)
class Rounds:
    """Each round's figures, in the order of the rounds; in whatever unit was measured."""

    figures: Mapping[str, Sequence[float]]

    def median(self, name: str) -> float:
        return median(self.figures[name])

    def ratio(self, name: str, to: str) -> float:
        """How many times as much as the other: the median over the rounds, each held against its own neighbour."""
        pairs = zip(self.figures[name], self.figures[to], strict=True)
        return median(one / other for one, other in pairs)


def in_turn(measures: Mapping[str, Measure], rounds: int, on_step: Callable[[], None]) -> Rounds:
    """Every second round goes backwards: nobody is always the first."""
    figures: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        for name in list(measures)[:: -1 if number % 2 else 1]:
            figures[name].append(measures[name]())
            on_step()
    return Rounds(figures)
