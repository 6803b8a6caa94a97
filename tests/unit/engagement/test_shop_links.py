"""Links to the shop say which mail they stood in."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.shop_links import tracked

SHOP = "https://shop.example.com"
OURS = "utm_source=rishta&utm_medium=email&utm_campaign=cart_nudge&utm_content=standard"

words = st.text("abcXYZ019-_.~%&=+/?:@", max_size=12)
pairs = st.lists(
    st.tuples(st.from_regex(r"\A[a-z]{1,6}\Z"), st.from_regex(r"\A[A-Za-z0-9%._~+-]{0,8}\Z")), max_size=4
)


def to_shop(url: str) -> str:
    return tracked(url, website=SHOP, campaign="cart_nudge", variant="standard")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (SHOP, f"{SHOP}/?{OURS}"),
        (f"{SHOP}/", f"{SHOP}/?{OURS}"),
        (f"{SHOP}/teas/assam", f"{SHOP}/teas/assam?{OURS}"),
        (f"{SHOP}/teas?sort=new&q=a%20b", f"{SHOP}/teas?sort=new&q=a%20b&{OURS}"),
        (f"{SHOP}/teas#green", f"{SHOP}/teas?{OURS}#green"),
        (f"{SHOP}/teas?sort=new#green", f"{SHOP}/teas?sort=new&{OURS}#green"),
        (f"{SHOP}/teas?utm_source=x&sort=new&UTM_Term=y", f"{SHOP}/teas?sort=new&{OURS}"),
        ("https://SHOP.example.com/teas", f"https://SHOP.example.com/teas?{OURS}"),
        ("https://shop.example.com:8443/teas", f"https://shop.example.com:8443/teas?{OURS}"),
    ],
)
def test_a_link_to_the_shop_has_the_campaigns_parameters_before_its_fragment(url: str, link: str) -> None:
    assert to_shop(url) == link


@pytest.mark.parametrize(
    "url",
    [
        "https://social.example.com/chai?x=1",
        "https://shop.example.com.evil.example/",
        "https://example.com/?next=https://shop.example.com",
        "https://shop.example.com@elsewhere.example/",
    ],
)
def test_a_link_to_elsewhere_stays_as_it_is(url: str) -> None:
    assert to_shop(url) == url


@given(pairs, words)
def test_a_links_own_query_is_kept_and_marking_it_twice_is_marking_it_once(
    query: list[tuple[str, str]], fragment: str
) -> None:
    text = "&".join(f"{name}={value}" for name, value in query)
    marked = to_shop(f"{SHOP}/teas?{text}#{fragment}")
    own = parse_qsl(text, keep_blank_values=True)
    assert parse_qsl(urlsplit(marked).query, keep_blank_values=True) == own + parse_qsl(OURS)
    assert urlsplit(marked).fragment == fragment
    assert to_shop(marked) == marked
