"""A product's rating: how many published reviews gave how many stars."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engagement.review_links import STARS


@dataclass(frozen=True)
class Rating:
    """`histogram`: the number of reviews for each of 1 to 5 stars."""

    histogram: Mapping[int, int] = field(default_factory=lambda: dict.fromkeys(STARS, 0))

    @property
    def count(self) -> int:
        return sum(self.histogram.values())

    @property
    def total_stars(self) -> int:
        return sum(stars * reviews for stars, reviews in self.histogram.items())

    @property
    def mean(self) -> str | None:
        """`4.67`, half a hundredth rounded up; None where there are no reviews."""
        if not self.count:
            return None
        hundredths = (200 * self.total_stars + self.count) // (2 * self.count)
        return f"{hundredths // 100}.{hundredths % 100:02d}"
