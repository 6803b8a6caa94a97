"""Celebrates birthdays with an offer."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
