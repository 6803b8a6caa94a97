"""What is taken for a link, an address or a telephone in a review, and what is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.plan import engagement_plan
from reviews.letters import normalised
from reviews.links import leads_elsewhere
from reviews.moderation import moderate
from reviews.review import Draft, State, Verdict

RULES = engagement_plan().reviews.moderation
ORDINARY = """
It arrived on time. Net weight is 500 g as printed.
Net quantity is less than on the pack. Net result: happy.
Contains Vitamin B12. Net contents 60 capsules.
The ingredients are organic. Org certified too.
The polka dot in red is lovely.
Love the polka dot shop bag.
My Echo Dot in the kitchen fits this stand.
Bought 2 @ 499 each, good deal.
Bought 2@Rs499, would again.
Rs. 499/- only, value for money.
I paid ₹1,29,999 for it, and 2,499.50 for the case.
Size 38 fits, sizes 36 38 40 42 44 were all there.
Sizes 28, 30, 32, 34, 36 available.
Came in 2019 2020 2021 and again now.
Delivered on 12-11-2026 2 days early.
Ordered on 12.11.2026 and got it 15.11.2026.
Delivered 2026-11-12 10:30 as promised.
Order 402-1234567-8901234 came well packed.
Order no. 12345678 arrived.
EAN 8901234567890 is on my pack.
The number below its bars is 036000291452.
Temperature 98.6 100.4 98.2 measured well.
Model 1234-5678-90 works.
Batch 20261112 MRP 350 fine.
Very nice.in this price range nothing better.
Good product.me and my wife love it.
Taste is good.De luxe packing.
Came with dust.So I returned it.Overall okay.
Setup took 5 min...in the end fine.
Better than the one at work... in my view.Really
It is e.g. great with milk/sugar, i.e. strong.
My son (at 8) loves it.
It plays Node.js tutorials well, 24/7.
Wi-Fi 802.11 a/b/g/n works.
Measures 10 x 20 x 30 cm, 1500 ml, 220-240 V.
Looked at it in the shop first, then bought it online.
Use it at home, or at mail sorting.
बहुत अच्छी चाय है।मुझे पसंद आई।
खुशबू बहुत अच्छी है, दाम ₹२९९ ठीक है।
पैक पर ५०० ग्राम लिखा था. पूरा निकला.
१२-११-२०२६ को मिला, समय से पहले।
Bahut badhiya chai hai.sabko pasand aayi.
Paisa vasool, 5 mein se 5 star.
Delivery 2 din mein ho gayi, packing bhi mast thi.
"""
ELSEWHERE = """
Join t.me/freemoney now
x.co/win is cheaper
see https://example.com/tea
see HTTP: example
hxxp example
www.example.org is cheaper
www dot example
go to chai.guru
chai.tk
chai.fr
visit chai.in today
tea.shop.in has it
bit.ly/abc
cheaper at example.com!
cheaper at example . com
cheaper at example.  com
cheaper at example dot com
cheaper at example [dot] in
cheaper at example(.)in
एग्ज़ाम्पल डॉट कॉम पर सस्ता है
at chai.example/offer
example。com
ｅｘａｍｐｌｅ．ｃｏｍ
ex\u200bample.c\u200bom
exam\u034fple\ufe0f.com
write to asha@mail.example
write to asha @ mail.example
write to asha (at) gmail
write to asha at gmail
call +91 98765 43210
call 9876543210
call 98765 43210
call 98765-43210 after 8 p.m.
my pack of 2 98765 43210
call 9876-543210
call ९८७६५४३२१०
call (040) 2345-6789
call 020 7946 0958
call 212-555-0199
"""


@pytest.mark.parametrize("text", ORDINARY.strip().splitlines())
def test_what_people_write_about_what_they_bought_is_shown_at_once(text: str) -> None:
    assert moderate(Draft(4, "", text, None, "", "en"), RULES) == Verdict(State.PUBLISHED)


@pytest.mark.parametrize("text", ELSEWHERE.strip().splitlines())
@pytest.mark.parametrize("field", ["title", "text", "name"])
def test_what_leads_elsewhere_waits_for_somebody(text: str, field: str) -> None:
    words = {"title": "", "text": "", "name": ""} | {field: text}
    draft = Draft(rating=4, photo_url=None, language="en", **words)
    assert moderate(draft, RULES) == Verdict(State.PENDING, "links")


@given(st.sampled_from(ELSEWHERE.strip().splitlines()), st.sampled_from(ORDINARY.strip().splitlines()))
def test_nothing_that_is_written_around_a_link_hides_it(link: str, ordinary: str) -> None:
    assert leads_elsewhere(normalised(f"{ordinary} Yes,\n{link}\nYes, {ordinary}"))


@pytest.mark.parametrize(
    "text",
    [
        *("ab" + " " * 4990 + "cd", "1 " * 2500, "1(" * 2500, "ab[" + " " * 4990, "(at" * 1600, "a@" * 2500),
        *(
            "ab." * 1666,
            "-" * 5000,
            "visit " * 800,
            "at a" * 1200,
            "٠" * 5000,
            "a .",
            "@a" * 2500,
            "a" * 5000,
        ),
        *("visit " + "a" * 4990, "a@" + "a" * 4990, "1" * 5000, "www " * 1200, "dot co " * 700),
    ],
)
def test_no_text_takes_long(text: str) -> None:
    """A tenth of a second is far more than any of these takes; the square of its length would be more still."""
    normal = normalised(text)
    started = time.thread_time()
    leads_elsewhere(normal)
    assert time.thread_time() - started < 0.1
