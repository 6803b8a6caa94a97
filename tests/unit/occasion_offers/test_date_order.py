"""However facts about a customer come, and however often, what is known of their days in the end is the same."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from date_house import NOTHING_KNOWN, known_after, tier_changed
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import TierChanged
from occasion_offers.date_rules import DateFact
from occasion_offers.dates import KnownDates, Told
from shop_facts import NOW, days, erased, profile_updated, registered

# Of one instant: first to last.
KINDS = (CustomerRegistered, CustomerUpdated, TierChanged, CustomerErased)

instants = st.integers(min_value=0, max_value=6).map(lambda number: NOW + days(number))
profiles: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "occurred_at": instants,
        "time_zone": st.sampled_from([None, "Asia/Kolkata", "Pacific/Kiritimati"]),
        # Twice the same day, another one, none, one that is never believed, and one that is from the 5th on.
        "birthday": st.sampled_from(
            [None, "1991-03-02", "--03-02", "1991-01-01", "1970-01-01", "2027-03-05"]
        ),
        "dates": st.sampled_from([{}, {"wedding_day": "--12-11"}, {"wedding_day": "--12-12"}]),
    }
)
profile_facts = st.one_of(
    profiles.map(lambda told: registered(**told)), profiles.map(lambda told: profile_updated(**told))
)
tiers = st.builds(
    lambda tier, at: tier_changed(tier, occurred_at=at), st.sampled_from(["silver", "gold"]), instants
)
erasures = instants.map(lambda at: erased(occurred_at=at))


def histories(*kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[list[DateFact]]:
    """Facts in the order in which they occurred; two of one kind and instant would contradict each other."""
    return st.lists(
        st.one_of(*kinds), min_size=1, max_size=8, unique_by=lambda fact: (type(fact), fact.occurred_at)
    ).map(lambda facts: sorted(facts, key=lambda fact: (fact.occurred_at, KINDS.index(type(fact)))))


living = histories(profile_facts, tiers)
lives = histories(profile_facts, profile_facts, tiers, erasures)


def in_any_order(data: st.DataObject, facts: Sequence[DateFact]) -> list[DateFact]:
    """Each of them once or more."""
    again = data.draw(st.lists(st.sampled_from(facts), max_size=4), label="again")
    return data.draw(st.permutations([*facts, *again]), label="order")


def assert_the_same(known: KnownDates, truth: KnownDates) -> None:
    assert replace(known.told, version=0) == replace(truth.told, version=0)
    assert _timeless(known) == _timeless(truth)
    for name, row in known.dates.items():
        assert row.since >= truth.dates[name].since, name
    if "joining" in truth.dates:
        assert known.dates["joining"] == truth.dates["joining"]


def _timeless(known: KnownDates) -> object:
    return {name: replace(row, since=NOW) for name, row in known.dates.items()}


@given(living, st.data())
def test_facts_in_any_order_with_repetitions_end_alike(facts: list[DateFact], data: st.DataObject) -> None:
    assert_the_same(known_after(*in_any_order(data, facts)), known_after(*facts))


@given(lives, st.data())
def test_with_erasures_too_once_each_was_told_again(facts: list[DateFact], data: st.DataObject) -> None:
    """Nothing that came while the customer counted as erased is kept for them, so it has to come again."""
    told = [*in_any_order(data, facts), *in_any_order(data, facts)]
    assert_the_same(known_after(*told), known_after(*facts))


@given(lives, st.data())
def test_whose_last_word_was_an_erasure_of_them_nothing_stays(
    facts: list[DateFact], data: st.DataObject
) -> None:
    truth, known = known_after(*facts), known_after(*in_any_order(data, facts))
    gone = Told("cust-asha", known.told.version, erased_at=truth.told.erased_at)
    assert (known.told == gone) == (truth.told.erased_at is not None and not truth.told.registrations)
    assert known.told != gone or not known.dates


@given(lives, st.data())
def test_at_every_step_a_fact_told_twice_is_no_news_and_all_days_have_the_customers_zone_and_tier(
    facts: list[DateFact], data: st.DataObject
) -> None:
    known = NOTHING_KNOWN
    for fact in in_any_order(data, facts):
        version = known.told.version
        known = known_after(fact, before=known)
        assert known.told.version <= version + 1
        assert known_after(fact, before=known) is known
        shared = {(row.time_zone, row.tier) for row in known.dates.values()}
        assert shared <= {(known.told.time_zone, known.told.tier)}
        assert ("joining" in known.dates) == (known.told.joined_at is not None)
