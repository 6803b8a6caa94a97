"""What the two days at the shop leave out."""

import re
from html import unescape

from local_cloud.cloud import LocalCloud


def happen(cloud: LocalCloud) -> None:
    """A customer opens the mail settings by the link in a mail."""
    (link,) = re.findall(r'href="([^"]+/preferences\?[^"]+)"', cloud.mails[0].html)
    assert cloud.http("GET", unescape(link)).status == 200
