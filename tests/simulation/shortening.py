"""From a year that ends badly to the shortest story that ends in the same way."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tests.simulation.engine import Ending, Story

type Plays = Callable[[Story], Ending]


class Shortening:
    """`play` plays a story. Leaves out faults, then customers, then single happenings, as long as what is left breaks
    the same rule; for `seconds` at most, and then what it has is short enough.
    """

    def __init__(
        self,
        play: Plays,
        customers: Sequence[str],
        *,
        seconds: float = 600,
        on_shorter: Callable[[Ending], None] = lambda _: None,
    ) -> None:
        """`customers`: of each happening by its number, whom it is about."""
        self._play, self._customers, self._on_shorter = play, customers, on_shorter
        self._until = time.monotonic() + seconds

    def shortest(self, ending: Ending) -> Ending:
        """The rule that is broken is that of the first finding."""
        self._best, self._rule = ending, ending.findings[0].rule
        self._try(replace(ending.story, faults=frozenset()))
        self._fewer(sorted({each.name for each in self._best.faults}), self._with_faults)
        mine = {finding.customer_id for finding in ending.findings} | {""}
        others = [
            number
            for number, customer in enumerate(self._customers)
            if customer not in mine and number not in self._best.story.left_out
        ]
        self._try(replace(self._best.story, left_out=self._best.story.left_out | frozenset(others)))
        self._fewer(sorted({self._customers[n] for n in self._kept()}), self._with_customers)
        self._fewer(self._kept(), self._with_happenings)
        self._fewer(sorted({each.name for each in self._best.faults}), self._with_faults)
        return self._best

    def _kept(self) -> list[int]:
        return [n for n in range(len(self._customers)) if n not in self._best.story.left_out]

    def _with_faults(self, names: Sequence[str]) -> Story:
        return replace(self._best.story, faults=frozenset(names))

    def _with_customers(self, customers: Sequence[str]) -> Story:
        out = [n for n in self._kept() if self._customers[n] not in customers]
        return replace(self._best.story, left_out=self._best.story.left_out | frozenset(out))

    def _with_happenings(self, numbers: Sequence[int]) -> Story:
        return replace(self._best.story, left_out=frozenset(range(len(self._customers))) - frozenset(numbers))

    def _fewer[T](self, parts: Sequence[T], story_with: Callable[[Sequence[T]], Story]) -> None:
        """Delta debugging: halves first, then quarters, down to single parts."""
        pieces = 2
        while len(parts) > 1 and time.monotonic() < self._until:
            for rest in _without_a_piece(parts, pieces):
                if self._try(story_with(rest)):
                    parts, pieces = rest, max(2, pieces - 1)
                    break
            else:
                if pieces >= len(parts):
                    break
                pieces = min(len(parts), pieces * 2)
        if len(parts) == 1:
            self._try(story_with([]))

    def _try(self, story: Story) -> bool:
        if time.monotonic() >= self._until:
            return False
        ending = self._play(story)
        if not any(finding.rule == self._rule for finding in ending.findings):
            return False
        self._best = ending
        self._on_shorter(ending)
        return True


def _without_a_piece[T](parts: Sequence[T], pieces: int) -> Iterator[list[T]]:
    size = -(-len(parts) // pieces)
    for start in range(0, len(parts), size):
        yield [*parts[:start], *parts[start + size :]]


def told(ending: Ending) -> Iterator[str]:
    """The story's lines in their order, what went wrong marked with !, and what was found."""
    lines = [(at, " ", words) for at, words in ending.happened]
    lines += [(fault.at, "!", fault.what) for fault in ending.faults]
    for at, mark, words in sorted(lines):
        yield f"{at:%Y-%m-%d %H:%M:%S}Z {mark} {words}"
    for finding in ending.findings:
        about = f" ({finding.customer_id})" if finding.customer_id else ""
        yield f"{finding.at or ending.until:%Y-%m-%d %H:%M:%S}Z → {finding.rule}{about}: {finding.what}"
