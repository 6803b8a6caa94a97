"""The `rishta` command."""
