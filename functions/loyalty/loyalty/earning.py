"""By which rule an order earns: the plan's of today, for the tier that the customer had when the order's day began."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from engagement.events.orders import OrderPaid, PaidLine
from loyalty.entries import OrderLine, Rule, RuleKind
from loyalty.records import Account
from loyalty.terms import Terms
from loyalty.tiers import tier_at

_ONCE = 100


def rule_of(fact: OrderPaid, account: Account, terms: Terms) -> Rule:
    """An imported order earns by the rate alone: it is of a time before tiers and periods."""
    currency = fact.amount.currency
    rate = next((rate for rate in terms.settings.earning if rate.currency == currency), None)
    if was_erased_since(account, fact.occurred_at):
        return Rule(RuleKind.ERASED, terms.version, currency=currency)
    if rate is None or not terms.earns:
        return Rule(RuleKind.NO_EARNING, terms.version, currency=currency)
    day_began = terms.days.begin(terms.days.day_of(fact.occurred_at))
    return Rule(
        RuleKind.EARNING,
        terms.version,
        points=rate.points,
        for_each_minor=rate.for_each_minor,
        currency=currency,
        tier_times=_ONCE if fact.imported else tier_at(account, day_began, terms.tiers).times,
        with_tax=terms.settings.earn_on.tax,
        with_shipping=terms.settings.earn_on.shipping,
    )


def was_erased_since(account: Account, instant: datetime) -> bool:
    """Whether what happened then is told of a customer who was erased after it, and has not come back."""
    return account.erased_at is not None and instant <= account.erased_at


def lines_of(fact: OrderPaid, terms: Terms) -> tuple[OrderLine, ...]:
    """A line for each product, with its multipliers; and one for the money that no line names."""
    day = terms.days.day_of(fact.occurred_at)
    by_product: dict[str, list[PaidLine]] = {}
    for line in fact.lines:
        by_product.setdefault(line.product_id, []).append(line)
    lines = [
        _line(product, same, _times(product, same, day, fact, terms)) for product, same in by_product.items()
    ]
    if (rest := fact.amount.amount_minor - sum(line.paid_minor for line in lines)) > 0:
        tax = max(0, (fact.tax.amount_minor if fact.tax else 0) - sum(line.tax_minor for line in lines))
        lines.append(_rest(rest, min(rest, tax), fact, day, terms))
    return tuple(lines)


def _line(product_id: str, same: Iterable[PaidLine], times: int) -> OrderLine:
    lines = list(same)
    return OrderLine(
        product_id,
        quantity=sum(line.quantity for line in lines),
        paid_minor=sum(line.amount.amount_minor for line in lines),
        tax_minor=sum(line.tax.amount_minor for line in lines if line.tax),
        times=times,
    )


def _rest(paid_minor: int, tax_minor: int, fact: OrderPaid, day: date, terms: Terms) -> OrderLine:
    # Where no line tells of its tax, the order's is everybody's in proportion, the rest's as well.
    told = any(line.tax and line.tax.amount_minor for line in fact.lines)
    times = _ONCE * _ONCE if fact.imported else _ONCE * max(_periods(None, None, day, terms))
    return OrderLine(None, 1, paid_minor, tax_minor if told else 0, times)


def _times(product_id: str, same: Iterable[PaidLine], day: date, fact: OrderPaid, terms: Terms) -> int:
    if fact.imported:
        return _ONCE * _ONCE
    category = next((line.category for line in same if line.category), None)
    multipliers = terms.settings.multipliers
    own = multipliers.products.get(product_id) or multipliers.categories.get(category or "", _ONCE)
    return own * max(_periods(product_id, category, day, terms))


def _periods(product_id: str | None, category: str | None, day: date, terms: Terms) -> Iterator[int]:
    """The multipliers of all periods that hold; outside of all, once."""
    holding = [p.times for p in terms.settings.periods if p.holds_for(day, product_id, category)]
    yield from holding or [_ONCE]
