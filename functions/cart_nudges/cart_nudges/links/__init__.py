"""The link in a mail that restores its cart."""
