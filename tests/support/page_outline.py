"""Reading the pages of preferences in a test, and the preference centre in any state."""

from html.parser import HTMLParser

from engagement.web import PageResponse
from preferences.details import Details
from preferences.rendering import CentreView, Notice, Pages
from shop_facts import NOW, hours

TOKEN = "k.claims.signature"


class Outline(HTMLParser):
    """The tags of a page, and the words between them."""

    def __init__(self, page: PageResponse) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page.body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def centre(
    pages: Pages,
    language: str = "en",
    *,
    details: Details | None = None,
    seen: Details | None = None,
    wrong: dict[str, str] | None = None,
    notice: Notice | None = None,
    paused: bool = False,
    refused: tuple[str, ...] = (),
) -> PageResponse:
    """As a customer sees it who was born on 28 February 1990 and agreed to offers and reviews."""
    seen = seen or Details(language, "Asia/Kolkata", "28", "2", "1990")
    view = CentreView(
        token=TOKEN,
        granted=frozenset({"offers", "reviews"}),
        paused_until=NOW + hours(400) if paused else None,
        details=details or seen,
        seen=seen,
        as_of="2027-03-01T11:00:00.000000Z",
        shown_at="2027-03-01T12:00:00.000000Z",
        wrong=wrong or {},
        notice=notice,
        refused=refused,
    )
    return pages.centre(language, view, NOW)
