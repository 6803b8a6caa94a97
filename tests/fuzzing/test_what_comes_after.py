"""What a door has taken in, however strange, is understood by all who meet it later: no sweep and no mail breaks."""

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz_cloud import FuzzCloud, all_clear
from fuzz_doors import doors
from fuzz_schemas import details, kinds, of_asha, source
from fuzz_words import MARK
from shop_facts import NOW

FACTS = [kind for kind in kinds() if not kind.endswith("Mail")]
BEGIN = ("CustomerRegistered", "CartUpdated", "OrderDelivered")
LATER = (timedelta(hours=1), timedelta(hours=7), timedelta(days=1), timedelta(days=9), timedelta(days=40))
# Each is a customer's forty days; four of them take as long as thirty messages.
_FEWER = max(5, settings.default.max_examples // 4)  # type: ignore[union-attr]


@settings(max_examples=_FEWER)
@given(data=st.data())
def test_what_was_taken_in_is_understood_ever_after(cloud: FuzzCloud, data: st.DataObject) -> None:
    told = [(kind, data.draw(of_asha(kind, NOW))) for kind in BEGIN]
    several = data.draw(st.lists(st.sampled_from(FACTS), max_size=6))
    told += [(kind, data.draw(details(kind, NOW))) for kind in several]
    with cloud.a_new_day(NOW):
        for kind, detail in told:
            cloud.publish(kind, detail, source=source(kind))
            cloud.settle()
        for later in LATER:
            cloud.at(NOW + later)
            for sweep in doors("schedule"):
                cloud.invoke(sweep, {"scheduled_at": cloud.now.isoformat()})
            cloud.settle()
        all_clear(cloud, (MARK, "asha@mail.example.com", "Olympus"))
        for mail in cloud.mails:
            assert len(mail.subject.splitlines()) == 1
            assert "<script>alert" not in mail.html
            assert len(mail.to) == 1
        for name, bodies in cloud.dead_letters().items():
            refused = [line for _, line in cloud.logs if "MalformedMessageError" in line]
            assert refused, f"{name}: {json.dumps(bodies)[:500]} lies there, and nobody says why"
