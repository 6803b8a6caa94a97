"""Watches over every offer: who redeems it, and when it ends."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
