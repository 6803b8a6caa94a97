"""What customers agreed to be mailed about, and the page on which they change their mind."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
