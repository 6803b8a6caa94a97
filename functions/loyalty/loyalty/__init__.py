"""Credits points for paid orders, in a ledger that explains every one of them."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
