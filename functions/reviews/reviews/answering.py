"""Answering the shop's pages: what products are rated, and what is written about them. As JSON."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from engagement.bus import faults
from engagement.clock import to_text
from engagement.events.base import Identifier
from engagement.observability import explanation, logger
from engagement.review_links import STARS
from reviews.rating import Rating
from reviews.ratings_table import Ratings
from reviews.review import Review
from reviews.reviews_table import Reviews

PAGE_SIZE = 20
MOST_PRODUCTS = 50
_MOST_PARAMETERS = 100
_CURSOR = TypeAdapter(tuple[str, str])
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
# So that an answer can stand in a <script> of a page as it is: JSON reads the same.
_NOT_IN_A_PAGE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class _Question(BaseModel):
    """A parameter that is not one of these is a fault: it would be mistyped. What comes once comes as a list, too."""

    model_config = ConfigDict(extra="forbid")


class RatingsQuestion(_Question):
    product_id: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=MOST_PRODUCTS)]


class RatingQuestion(_Question):
    product_id: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=1)]


class ReviewsQuestion(RatingQuestion):
    after: Annotated[tuple[Annotated[str, Field(max_length=500)], ...], Field(max_length=1)] = ()


class BadCursorError(ValueError):
    """It is none that we gave."""


@dataclass(frozen=True)
class Answering:
    reviews: Reviews
    ratings: Ratings

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0): 200, 400 where the question is none, 404 where there is nothing,
        503 while AWS is away. `error` says why. Changes nothing.
        """
        try:
            return self._answer(event.get("rawPath", "").rstrip("/"), event.get("rawQueryString", ""))
        except ValidationError as error:
            return _response(400, {"error": faults(error)})
        except BadCursorError:
            return _response(400, {"error": "after: is not what an earlier answer had as `next`"})
        except Exception as error:  # noqa: BLE001 - a page of the shop's waits for an answer, whatever it is
            logger().error("ratings not answered", extra=explanation(error))
            return _response(503, {"error": "it cannot be told now: try again"})

    def _answer(self, path: str, query: str) -> dict[str, Any]:
        try:
            asked = parse_qs(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            return _response(400, {"error": "product_id: too many parameters"})
        match path.rpartition("/")[2]:
            case "ratings":
                return self._ratings(RatingsQuestion.model_validate(asked).product_id)
            case "schema.org":
                return self._for_search_engines(RatingQuestion.model_validate(asked).product_id[0])
            case "reviews":
                question = ReviewsQuestion.model_validate(asked)
                return self._reviews(question.product_id[0], "".join(question.after))
            case _:
                return _response(404, {"error": "there is no such page"})

    def _ratings(self, product_ids: tuple[str, ...]) -> dict[str, Any]:
        rated = ((product_id, self.ratings.of(product_id)) for product_id in dict.fromkeys(product_ids))
        return _response(200, {"ratings": [_rating(product_id, rating) for product_id, rating in rated]})

    def _for_search_engines(self, product_id: str) -> dict[str, Any]:
        rating = self.ratings.of(product_id)
        if not rating.count:
            # Google takes no rating of nobody.
            return _response(404, {"error": "product_id: has no published reviews"})
        return _response(200, _aggregate_rating(product_id, rating), kind="application/ld+json")

    def _reviews(self, product_id: str, after: str) -> dict[str, Any]:
        start = _key_after(product_id, after) if after else None
        page = self.reviews.published(product_id, PAGE_SIZE, start)
        following = _cursor(page.after) if page.after else None
        shown = [_shown(review) for review in page.reviews]
        return _response(200, {"product_id": product_id, "reviews": shown, "next": following})


def _rating(product_id: str, rating: Rating) -> dict[str, Any]:
    histogram = {str(stars): rating.histogram[stars] for stars in STARS}
    return {"product_id": product_id, "count": rating.count, "mean": rating.mean, "histogram": histogram}


def _aggregate_rating(product_id: str, rating: Rating) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "AggregateRating",
        "ratingValue": rating.mean,
        "reviewCount": rating.count,
        "bestRating": max(STARS),
        "worstRating": min(STARS),
        "itemReviewed": {"@type": "Product", "productID": product_id},
    }


def _shown(review: Review) -> dict[str, Any]:
    assert review.draft, "what is shown was written"
    assert review.published_at, "what is shown has been since then"
    return {
        "review_id": review.review_id,
        "rating": review.draft.rating,
        "title": review.draft.title,
        "text": review.draft.text,
        "photo_url": review.draft.photo_url,
        "name": review.draft.name,
        "language": review.draft.language or None,
        "published_at": to_text(review.published_at),
        "verified_purchase": True,
    }


def _cursor(key: Mapping[str, str]) -> str:
    return urlsafe_b64encode(json.dumps([key["published_at"], key["review_id"]]).encode()).decode()


def _key_after(product_id: str, cursor: str) -> dict[str, str]:
    """Raises BadCursorError."""
    try:
        published_at, review_id = _CURSOR.validate_json(urlsafe_b64decode(cursor))
    except ValueError:
        raise BadCursorError from None
    if not published_at or not review_id:
        raise BadCursorError
    return {"product_id": product_id, "published_at": published_at, "review_id": review_id}


def _response(status: int, body: Mapping[str, Any], *, kind: str = "application/json") -> dict[str, Any]:
    text = json.dumps(body, ensure_ascii=False)
    for sign, escaped in _NOT_IN_A_PAGE.items():
        text = text.replace(sign, escaped)
    return {"statusCode": status, "headers": {"content-type": kind, **_HEADERS}, "body": text}
