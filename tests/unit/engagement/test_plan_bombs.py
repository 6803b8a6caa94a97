"""A published plan is a text that somebody could write with ill will or by a slip: reading it ends, and well."""

import zlib
from base64 import b64encode

import pytest

from engagement.errors import InvalidPlanError
from engagement.plan_yaml import read_yaml
from engagement.published_plan import read_published

BOMBS = {
    "laughter": "a: &a [x, x]\n"
    + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in ("ab", "bc", "cd")),
    "itself within itself": "a: &a [*a]\n",
    "a number without end": f"a: {'1' * 5000}",
    "depth in lists": "[" * 3500 + "]" * 3500,
    "depth in mappings": "{a: " * 1200 + "1" + "}" * 1200,
    "a tag that makes objects": "a: !!python/object/apply:os.system [id]",
    "a tag on nonsense": "a: !!int x",
    "a megabyte": "a: b # " + "x" * 1_000_000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_as_any_broken_plan_and_at_once(text: str) -> None:
    with pytest.raises(InvalidPlanError, match=r"published plan:[12]:"):
        read_yaml(text, source="published plan")


@pytest.mark.parametrize("unpacked", [b" " * 8_000_000, b"shop: {}\n" + b"# filling\n" * 100_000])
def test_what_unpacks_to_megabytes_is_refused_before_it_does(unpacked: bytes) -> None:
    packed = "packed:" + b64encode(zlib.compress(unpacked, 9)).decode()
    assert len(packed) < 16_000
    with pytest.raises(InvalidPlanError, match="cannot be unpacked"):
        read_published(packed)


def test_a_packed_plan_that_was_cut_off_is_refused() -> None:
    whole = b64encode(zlib.compress(b"shop: {}\n" * 50)).decode()
    with pytest.raises(InvalidPlanError, match="cannot be unpacked"):
        read_published("packed:" + whole[: len(whole) // 2 // 4 * 4])
