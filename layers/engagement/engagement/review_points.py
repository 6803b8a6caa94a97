"""What a published review earns, for the mail and the form that promise it and the ledger that books it."""

from engagement.plan import EngagementPlan

# The campaign that books it.
_LOYALTY = "loyalty"


def points_for_a_review_today(plan: EngagementPlan) -> int:
    """Points, by the plan; none while the campaign that books them is switched off."""
    return plan.reviews.points if plan.campaign(_LOYALTY).enabled else 0
