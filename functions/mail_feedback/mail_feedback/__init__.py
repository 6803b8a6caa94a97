"""What became of the mails that left."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
