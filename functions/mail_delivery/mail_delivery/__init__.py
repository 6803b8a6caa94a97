"""The one path to the customer's inbox."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
