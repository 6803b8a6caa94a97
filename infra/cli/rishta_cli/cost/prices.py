"""AWS's prices by region and month: `prices.yaml`, each figure with the page that has it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

PRICES = Path(__file__).with_name("prices.yaml")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class UnknownPriceError(ValueError):
    """There are no prices of that region or month."""


def month(text: str) -> str:
    """A month as YYYY-MM, which sorts as it is. Raises ValueError for anything else."""
    if not _MONTH.fullmatch(text):
        raise ValueError(f"{text!r} is no month: write it as 2026-11")
    return text


def _in_quotes(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("write money in quotes: YAML would make a binary fraction of it")  # noqa: TRY004 - pydantic's
    return value


_Month = Annotated[str, AfterValidator(month)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Entry):
    """US dollars for so many of a unit."""

    usd: Annotated[Decimal, BeforeValidator(_in_quotes), Field(ge=0)]
    per: int = Field(default=1, gt=0)
    # AWS's page; the page in which a copy was read, if that is another; and when.
    source: str = Field(pattern="^https://")
    of: str | None = Field(default=None, pattern="^https://")
    read: _Month | None = None

    def of_units(self, units: Decimal) -> Decimal:
        """Dollars, not rounded."""
        return units * self.usd / self.per


class PriceTable(_Entry):
    since: _Month
    regions: Mapping[str, Mapping[str, Price]]


def price_tables(path: Path = PRICES) -> list[PriceTable]:
    """All of them, the oldest first."""
    found = TypeAdapter(list[PriceTable]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    return sorted(found, key=lambda table: table.since)


def prices(region: str, on: str) -> Mapping[str, Price]:
    """By unit, as they are in that month. Raises UnknownPriceError."""
    tables = price_tables()
    known = [table for table in tables if table.since <= on]
    if not known:
        raise UnknownPriceError(f"There are no prices of {on}; the oldest are of {tables[0].since}.")
    regions = known[-1].regions
    if region not in regions:
        raise UnknownPriceError(f"There are no prices of {region}; there are {', '.join(sorted(regions))}.")
    return regions[region]
