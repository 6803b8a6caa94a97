"""A review's points are in force while it is shown, whatever it says: once for each customer and product."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.errors import RetryLaterError
from engagement.events.loyalty import PointsEarned, PointsTakenBack
from engagement.events.reviews import ReviewPublished
from engagement.plan import engagement_plan
from engagement.review_links import review_id_of
from engagement.review_points import points_for_a_review_today
from ledger_in_memory import FOR_A_REVIEW, Loyalty
from loyalty_accrual.auditing import audited
from loyalty_accrual.booking import ReviewsFact
from loyalty_accrual.ledger import Account, EntryKind, Review, RuleKind
from shop_facts import NOW, hours, order_paid, review_published, review_rejected

ASHA = "cust-asha"
OF_TEA = review_id_of(ASHA, "assam-tea")


def published(revision: int = 1, product_id: str = "assam-tea") -> ReviewsFact:
    """So many hours on as it has revisions."""
    return review_published(product_id, revision=revision, occurred_at=NOW + hours(revision))


def rejected(revision: int = 2, product_id: str = "assam-tea") -> ReviewsFact:
    return review_rejected(product_id, revision=revision, occurred_at=NOW + hours(revision))


def news_of(loyalty: Loyalty) -> list[tuple[type, int, str]]:
    kinds = (PointsEarned, PointsTakenBack)
    return [(type(fact), fact.points, fact.order_id) for fact in loyalty.bus.told if isinstance(fact, kinds)]


def test_a_published_review_earns_points_and_is_told_with_its_order() -> None:
    loyalty = Loyalty().told(published())
    assert loyalty.ledger.account(ASHA) == Account(balance=20, total_earned=20, entry_count=1)
    assert news_of(loyalty) == [(PointsEarned, 20, "order-77")]
    (entry,) = loyalty.ledger.entries(ASHA)
    assert (entry.entry_id, entry.kind) == (f"review-{OF_TEA}:published:1", EntryKind.REVIEW_PUBLISHED)
    assert (entry.rule.kind, entry.rule.points, entry.published) == (RuleKind.REVIEW, 20, True)


@pytest.mark.parametrize("rating", [1, 5])
def test_few_stars_earn_as_much_as_many(rating: int) -> None:
    assert Loyalty().told(review_published(rating=rating)).ledger.balance(ASHA) == FOR_A_REVIEW


def test_a_review_that_is_rejected_gives_its_points_back_and_republished_has_the_same_again() -> None:
    loyalty = Loyalty().told(published(1), rejected(2))
    assert loyalty.ledger.account(ASHA) == Account(balance=0, total_earned=0, entry_count=2)
    loyalty.told(published(3))
    assert loyalty.ledger.account(ASHA) == Account(balance=20, total_earned=20, entry_count=3)
    assert [kind for kind, *_ in news_of(loyalty)] == [PointsEarned, PointsTakenBack, PointsEarned]
    assert loyalty.ledger.audit(ASHA).agrees


def test_an_edited_review_that_is_published_again_earns_nothing_more() -> None:
    loyalty = Loyalty().told(published(1), published(2), published(3))
    assert loyalty.ledger.balance(ASHA) == 20
    assert news_of(loyalty) == [(PointsEarned, 20, "order-77")]


def test_a_rejection_that_comes_first_counts_when_its_review_comes() -> None:
    loyalty = Loyalty().told(rejected(2))
    (entry,) = loyalty.ledger.entries(ASHA)
    assert (entry.points, entry.rule.kind) == (0, RuleKind.REVIEW_AWAITED)
    assert loyalty.told(published(1)).ledger.balance(ASHA) == 0
    assert news_of(loyalty) == []
    assert loyalty.told(published(3)).ledger.balance(ASHA) == 20
    assert loyalty.ledger.audit(ASHA).agrees


def test_a_review_of_another_product_earns_points_of_its_own() -> None:
    loyalty = Loyalty().told(published(), published(product_id="clay-cups"), rejected(2, "clay-cups"))
    assert loyalty.ledger.balance(ASHA) == 20


def test_a_review_keeps_the_points_of_its_first_day_when_the_plan_changes() -> None:
    loyalty = Loyalty().told(published(1))
    loyalty.booking = replace(loyalty.booking, points_for_a_review=500)
    assert loyalty.told(rejected(2), published(3)).ledger.balance(ASHA) == 20
    loyalty.booking = replace(loyalty.booking, points_for_a_review=0)
    assert loyalty.told(rejected(4)).ledger.balance(ASHA) == 0
    assert loyalty.told(published(5)).ledger.balance(ASHA) == 20
    assert loyalty.ledger.audit(ASHA).agrees


def test_where_reviews_earn_nothing_nothing_is_booked() -> None:
    loyalty = Loyalty()
    loyalty.booking = replace(loyalty.booking, points_for_a_review=0)
    assert loyalty.told(published(1), rejected(2)).ledger.account(ASHA) == Account()
    assert loyalty.bus.told == []


def test_switched_off_or_without_points_in_the_plan_reviews_earn_nothing() -> None:
    plan = engagement_plan()
    assert points_for_a_review_today(plan) == plan.reviews.points > 0
    off = plan.campaign("loyalty_accrual").model_copy(update={"enabled": False})
    switched_off = plan.model_copy(update={"campaigns": {**plan.campaigns, "loyalty_accrual": off}})
    assert points_for_a_review_today(switched_off) == 0


def test_a_reviews_points_can_lift_the_tier_and_take_it_back() -> None:
    loyalty = Loyalty()
    loyalty.booking = replace(loyalty.booking, points_for_a_review=500)
    assert loyalty.told(published(1), rejected(2)).tiers_told == ["silver", "bronze"]


def test_a_review_that_was_booked_and_not_told_is_told_when_it_comes_again() -> None:
    loyalty = Loyalty()
    loyalty.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        loyalty.told(published())
    assert news_of(loyalty.told(published(), published())) == [(PointsEarned, 20, "order-77")] * 2
    assert len({fact.event_id for fact in loyalty.bus.told}) == 1


@st.composite
def decisions(draw: st.DrawFn) -> tuple[list[ReviewsFact], list[ReviewsFact]]:
    """What was decided about two reviews, and the same in another order, some of it twice."""
    facts: list[ReviewsFact] = []
    for product in ("assam-tea", "clay-cups"):
        outcomes = draw(st.lists(st.sampled_from([published, rejected]), max_size=5))
        facts += [outcome(number, product) for number, outcome in enumerate(outcomes, 1)]
    twice = draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    return facts, draw(st.permutations(facts + twice))


@settings(deadline=None)
@given(decisions())
def test_any_order_of_decisions_with_any_repeated_ends_in_the_same_ledger(
    told: tuple[list[ReviewsFact], list[ReviewsFact]],
) -> None:
    newest = {fact.product_id: fact for fact in told[0]}.values()
    shown = sum(isinstance(fact, ReviewPublished) for fact in newest)
    for facts in told:
        loyalty = Loyalty().told(order_paid(), *facts)
        expected = 10 + FOR_A_REVIEW * shown
        assert loyalty.ledger.account(ASHA) == Account(expected, expected, 1 + len(told[0]))
        assert loyalty.ledger.audit(ASHA).differences == ()


@settings(deadline=None)
@given(decisions())
def test_what_was_told_of_reviews_adds_up_to_what_they_brought(
    told: tuple[list[ReviewsFact], list[ReviewsFact]],
) -> None:
    loyalty = Loyalty().told(*told[1])
    news = {fact.event_id: fact for fact in loyalty.bus.told}.values()
    earned = sum(fact.points for fact in news if isinstance(fact, PointsEarned))
    taken_back = sum(fact.points for fact in news if isinstance(fact, PointsTakenBack))
    assert earned - taken_back == loyalty.ledger.balance(ASHA)


def differences(review: Review, *, without: str = "nothing") -> tuple[str, ...]:
    ledger = Loyalty().told(published(1), rejected(2), published(3)).ledger
    entries = [entry for entry in ledger.entries(ASHA) if without not in entry.entry_id]
    return audited(Account(20, 20, 3), entries, [], [review]).differences


def test_an_audit_finds_a_review_that_does_not_add_up() -> None:
    kept = Loyalty().told(published(1), rejected(2), published(3)).ledger.review(ASHA, OF_TEA)
    name = f"the review {OF_TEA}"
    assert differences(kept) == ()
    assert f"{name} has 20 points in force, its entries say 0" in differences(kept, without="published:3")
    assert f"{name} is shown, its entries say not shown" in differences(kept, without="published:3")
    assert differences(replace(kept, points=30)) == (f"{name} has 20 points in force, its rule says 30",)
    assert differences(replace(kept, review_id="0" * 32, points=0, points_in_force=0, published=False)) == (
        f"{name} has entries and no record",
    )
