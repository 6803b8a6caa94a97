"""What the plan says of all offers, and how it writes durations."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from engagement.plan_sections import Duration, OfferRules

DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)


def the_fault(**rules: Any) -> str:
    with pytest.raises(ValidationError) as wrong:
        OfferRules.model_validate({"wait_for_late_orders": "1h", "keep_for": "400d"} | rules)
    return str(wrong.value)


def test_what_became_of_an_offer_is_remembered_for_more_than_the_year_of_its_occasion() -> None:
    assert "keep_for" in the_fault(keep_for="369d")
    kept = OfferRules.model_validate({"wait_for_late_orders": "1h", "keep_for": "370d"})
    assert kept.keep_for == timedelta(days=370)


@pytest.mark.parametrize("wait", ["400d", "401d"])
def test_an_offer_expires_before_it_is_forgotten(wait: str) -> None:
    assert "longer than wait_for_late_orders" in the_fault(wait_for_late_orders=wait)


@pytest.mark.parametrize(("written", "meant"), [("30m", 30), ("1h", 60), ("7d", 7 * 24 * 60)])
def test_a_duration_is_a_number_and_a_unit(written: str, meant: int) -> None:
    assert DURATION.validate_python(written) == timedelta(minutes=meant)


@pytest.mark.parametrize(
    "absurd",
    [
        *("", "d", "7", "0d", "-1d", "1.5h", "7 d", "7w", "²d", "७d", "7d\n", "99999999999999d", "40000d"),
        *("9" * 5000 + "m", None, [], timedelta(days=1)),
    ],
)
def test_anything_else_is_told_how_to_write_one(absurd: object) -> None:
    with pytest.raises(ValidationError, match="a whole number and a unit: 30m, 1h or 7d"):
        DURATION.validate_python(absurd)
