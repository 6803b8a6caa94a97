"""Which opens and clicks were a machine's: what is known of proxies and scanners, none of which is ours to set.

- Apple Mail's privacy protection fetches every image of every mail by a proxy, read or not, and calls itself
  `Mozilla/5.0` and nothing more (SocketLabs, "Identifying Apple MPP opens"; Twilio SendGrid, "Understanding Apple
  Mail Privacy Protection and open events"): whether somebody read it cannot be told.
- Gmail fetches the images of some mails while its page stands open, as `… Edge/12.246 Mozilla/5.0` (SparkPost, "Gmail
  is prefetching images"). Its `GoogleImageProxy`, and Yahoo's, fetch when somebody opens the mail: those are people.
- A company's gateway (Barracuda, Proofpoint, Mimecast, Cisco, …) opens a mail and follows its links when it arrives.
  Some say who they are; the others, Microsoft's Safe Links among them, pass as a browser, but come at once.

What this cannot see: a scanner in a browser's clothes that takes its time.
"""

import re
from datetime import timedelta

_APPLES_PROXY = "Mozilla/5.0"
_GMAILS_PREFETCH = re.compile(r"Edge/12\.246 Mozilla/5\.0$")
_SCANNER = re.compile(
    r"barracuda|proofpoint|mimecast|ironport|ciscosecureemail|fortimail|sophos|trendmicro|tmes|symantec|messagelabs"
    # (A Cubot is a telephone.)
    r"|(?<!cu)bot\b|crawler|spider|scanner|headlesschrome|phantomjs|python|curl|wget|java/|go-http-client|libwww",
    re.IGNORECASE,
)
# Nobody reads a mail and follows its link so soon after it arrived.
_AT_ONCE = timedelta(seconds=2)


def is_apples_proxy(user_agent: str) -> bool:
    return user_agent.strip() == _APPLES_PROXY


def is_scanner(user_agent: str, after_delivery: timedelta) -> bool:
    """By its name, by having none, or by coming sooner after the mail's delivery than a person could."""
    agent = user_agent.strip()
    named = not agent or _SCANNER.search(agent) or _GMAILS_PREFETCH.search(agent)
    return bool(named) or after_delivery < _AT_ONCE
