"""Keeps customers' reviews: who may write one, what is shown, and what products are rated."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
