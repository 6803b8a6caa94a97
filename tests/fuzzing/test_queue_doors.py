"""What a queue may bring: nonsense of every kind fails alone, says why, tells of nobody and leaves nothing behind."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz_cloud import FuzzCloud, clear_failures
from fuzz_doors import QUEUE_DOORS, a_message_id, a_record, samples
from fuzz_schemas import details, kinds, on_the_bus
from fuzz_words import MARK, mutated, noise, written

FIRST, STRANGE, LAST = (a_message_id(number) for number in (1, 2, 3))
_quiet: dict[str, list[tuple[str, str]]] = {}


def fed(cloud: FuzzCloud, function: str, bodies: dict[str, str]) -> dict[str, str]:
    """The messages that failed, and why; nothing else is wrong with the run."""
    records = [a_record(message_id, body, cloud.now) for message_id, body in bodies.items()]
    invocation = cloud.invoke(function, {"Records": records})
    failed = clear_failures(invocation)
    tells = [MARK, *samples(function).people]
    assert [line for line in invocation.logs if any(word in line for word in tells)] == []
    return failed


def good_pairs(cloud: FuzzCloud, function: str) -> Sequence[tuple[str, str]]:
    """Samples, each beside the one after it, that are done with at once when there is nothing in the tables."""
    if function not in _quiet:
        bodies = [json.dumps(body) for body in samples(function).bodies]
        found = []
        for first, last in zip(bodies, bodies[1:] + bodies[:1], strict=True):
            with cloud.a_new_day(samples(function).moment):
                if not fed(cloud, function, {FIRST: first, LAST: last}):
                    found.append((first, last))
        _quiet[function] = found
    return _quiet[function]


@st.composite
def strange_bodies(draw: st.DrawFn, function: str) -> str:
    """A sample of the door's, changed; a message of any kind by the letter of its schema; or no message at all."""
    match draw(st.sampled_from(("sample", "sample", "schema", "noise"))):
        case "sample":
            return draw(written(draw(mutated(draw(st.sampled_from(samples(function).bodies))))))
        case "schema":
            own = {body.get("detail-type", body.get("order")) for body in samples(function).bodies}
            kind = draw(st.sampled_from([*sorted(own & set(kinds())), *kinds()]))
            detail = draw(details(kind, samples(function).moment))
            return on_the_bus(kind, draw(mutated(detail, 1)) if draw(st.booleans()) else detail)
        case _:
            return draw(noise)


@pytest.mark.parametrize("function", QUEUE_DOORS)
@given(data=st.data())
def test_nonsense_fails_alone_and_leaves_nothing(
    cloud: FuzzCloud, function: str, data: st.DataObject
) -> None:
    good, moment = good_pairs(cloud, function), samples(function).moment
    first, last = data.draw(st.sampled_from(good))
    strange = data.draw(strange_bodies(function))

    with cloud.a_new_day(moment):
        before = cloud.left()
        failed = fed(cloud, function, {STRANGE: strange})
        if failed.get(STRANGE) == "MalformedMessageError":
            assert cloud.left() == before, "what fails for good leaves nothing"
    refused = failed.get(STRANGE) == "MalformedMessageError"

    with cloud.a_new_day(moment):
        among = fed(cloud, function, {FIRST: first, STRANGE: strange, LAST: last})
    if refused:
        assert set(among) == {STRANGE}, "its neighbours have nothing to do with it"
    assert set(among.values()) <= {"MalformedMessageError", "RetryLaterError"}
