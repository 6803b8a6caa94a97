"""Door: GET, HEAD and POST /review, the link in a mail by which a customer reviews a product."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus
from engagement.clock import utc_now
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from engagement.site import Site
from engagement.startup import ready
from engagement.web import page_request
from reviews.forms.form_pages import ReviewPages
from reviews.forms.review_page import ReviewPage
from reviews.wiring import Tables, reviewing


class Settings(DoorSettings):
    ratings_table: str
    reviews_table: str
    shop_bus_name: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> Site:
    settings = Settings.from_environment()
    pages = ReviewPages(plan)
    page = ReviewPage(
        reviewing=reviewing(
            aws.dynamodb(),
            Tables(reviews_table=settings.reviews_table, ratings_table=settings.ratings_table),
            Bus(aws.events(), settings.shop_bus_name),
            plan,
        ),
        keys=signing_keys(settings.signing_keys_parameter),
        pages=pages,
    )
    return Site(by_name={"review": page}, plan=plan, frame=pages.frame)


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(page_request(event), utc_now()).payload()
