"""What calls a schedule's door with nonsense is told so, and an hour out of all reason does no harm."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import MalformedMessageError
from fuzz_cloud import FuzzCloud
from fuzz_doors import doors, samples
from fuzz_words import MARK, mutated, texts, values
from shop_facts import NOW

_FIRST, _LAST = datetime(1970, 1, 3), datetime(2199, 12, 30)  # noqa: DTZ001 - hypothesis wants them so
_hours = st.datetimes(_FIRST, _LAST).map(lambda naive: naive.replace(tzinfo=UTC).isoformat())
_events = st.one_of(
    st.fixed_dictionaries({"scheduled_at": st.one_of(_hours, texts, values)}),
    st.dictionaries(texts, values, max_size=3),
    mutated({"scheduled_at": "2027-03-01T12:00:00Z", "version": "0", "detail": {}}),
)


@pytest.mark.parametrize("function", doors("schedule"))
@given(event=_events)
def test_an_event_that_is_no_run_is_refused_by_name(cloud: FuzzCloud, function: str, event: object) -> None:
    with cloud.a_new_day(NOW):
        before = cloud.left()
        run = cloud.invoke(function, event)  # type: ignore[arg-type]
        assert all(MARK not in line for line in run.logs)
        if run.error is None:
            return
        # By name: a function has modules, and with them classes, of its own.
        assert type(run.error).__name__ == MalformedMessageError.__name__, run.trace
        assert str(run.error).startswith("ScheduledRun: ")
        assert cloud.left() == before


@pytest.mark.parametrize("function", doors("schedule"))
def test_its_own_hour_is_welcome(cloud: FuzzCloud, function: str) -> None:
    """Or the test above would show nothing."""
    for event in samples(function).events:
        with cloud.a_new_day(NOW):
            run = cloud.invoke(function, event)
            assert run.ok, run.trace
            json.dumps(run.result)
