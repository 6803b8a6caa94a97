"""Several workers at once whose AWS calls come one after the other, in an order that the test chooses."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Semaphore

type Wait = Callable[[], None]
"""To be called before each AWS call: returns when it is the worker's turn."""

# Seconds. Only a worker that hangs takes so long.
_PATIENCE = 30


class _Turns:
    def __init__(self) -> None:
        self._may_go = Semaphore(0)
        self._is_back = Semaphore(0)

    def wait(self) -> None:
        """The worker's: here it stands before a call."""
        self._is_back.release()
        assert self._may_go.acquire(timeout=_PATIENCE), "nobody gave it its turn"

    def finish(self, _: Future[None]) -> None:
        self._is_back.release()

    def give(self) -> None:
        """One turn: the call that the worker stands before, and what it does until its next one or its end."""
        self._may_go.release()
        self.come_back()

    def come_back(self) -> None:
        assert self._is_back.acquire(timeout=_PATIENCE), "the worker hangs"


def take_turns(workers: Sequence[Callable[[Wait], None]], choose: Callable[[int], int]) -> None:
    """Run the workers to their ends. `choose`: which of so many that are still at work has the next turn, from 0 on.

    Raises what a worker raised.
    """
    with ThreadPoolExecutor(max(1, len(workers))) as pool:
        begun = []
        for worker in workers:
            turns = _Turns()
            future = pool.submit(worker, turns.wait)
            future.add_done_callback(turns.finish)
            turns.come_back()
            begun.append((turns, future))
        while at_work := [each for each in begun if not each[1].done()]:
            at_work[choose(len(at_work))][0].give()
        for _, future in begun:
            future.result()
