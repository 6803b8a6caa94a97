"""Telling facts to the local cloud, and killing its functions."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from engagement.events.base import Event
from local_cloud.cloud import AwsCall, Killed, LocalCloud

_EPOCH = datetime.fromtimestamp(0, UTC)


def tell(cloud: LocalCloud, *facts: Event) -> None:
    """Put facts on the bus and let everything happen that follows at once."""
    for fact in facts:
        cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def only_schedule(cloud: LocalCloud, function: str) -> None:
    """Pause every other schedule: hours pass faster, and nothing else gets between."""
    cloud.schedules_paused |= cloud.functions.keys() - {function}


def stride(cloud: LocalCloud, by: timedelta, *, every: timedelta = timedelta(hours=1)) -> None:
    """Time passes, and schedules fire when the clock (UTC) shows a multiple of `every`, and not between: a sweep finds
    all that fell due since the last one, and the hundreds that find nothing are spared.
    """
    until, paused = cloud.now + by, cloud.schedules_paused
    while cloud.now < until:
        mark = min(cloud.now + every - (cloud.now - _EPOCH) % every, until)
        cloud.schedules_paused = set(cloud.functions)
        cloud.advance(to=mark - timedelta(microseconds=1))
        cloud.schedules_paused = paused
        cloud.advance(to=mark)


@contextmanager
def ses_answers(
    cloud: LocalCloud, message: str, *, code: str = "TooManyRequestsException", status: int = 429
) -> Iterator[None]:
    """SES takes no mail for as long, and says so with these words."""

    def refuse(call: AwsCall, moment: str) -> None:
        if call.operation == "SendEmail" and moment == "before":
            answer: Any = {
                "Error": {"Code": code, "Message": message},
                "ResponseMetadata": {"HTTPStatusCode": status},
            }
            raise ClientError(answer, "SendEmail")

    cloud.faults.append(refuse)
    yield
    cloud.faults.remove(refuse)


@contextmanager
def ses_does_not_answer(cloud: LocalCloud) -> Iterator[None]:
    """Nobody can tell whether SES took what it was given meanwhile. It did not."""

    def time_out(call: AwsCall, moment: str) -> None:
        if call.operation == "SendEmail" and moment == "before":
            raise ReadTimeoutError(endpoint_url="https://email.example.com")

    cloud.faults.append(time_out)
    yield
    cloud.faults.remove(time_out)


def ses_at_its_rate(cloud: LocalCloud) -> AbstractContextManager[None]:
    """SES takes no mail for as long."""
    return ses_answers(cloud, "Maximum sending rate exceeded.")


class Kill:
    """A fault that ends a function before or after its nth call of an operation. `happened` says whether it did."""

    def __init__(self, function: str, operation: str, moment: str, nth: int = 1) -> None:
        self._at = (function, operation, moment)
        self._nth = nth
        self.times = 0

    @property
    def happened(self) -> bool:
        return self.times >= self._nth

    def __call__(self, call: AwsCall, moment: str) -> None:
        if (call.function, call.operation, moment) == self._at:
            self.times += 1
            if self.times == self._nth:
                raise Killed
