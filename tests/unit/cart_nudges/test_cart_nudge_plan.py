"""What the plan may not say about cart nudges."""

import pytest
from pydantic import ValidationError

from cart_nudges.campaign import Experiment


def test_no_variant_is_called_as_those_are_who_get_nothing() -> None:
    """They would be counted as one, and a customer of the variant as one who got nothing."""
    with pytest.raises(ValidationError, match="holdout is the share of those who get nothing"):
        Experiment.model_validate({"name": "words", "variants": {"holdout": {"weight": 1}}})
    Experiment.model_validate({"name": "words", "variants": {"held": {"weight": 1}}, "holdout": 1})
