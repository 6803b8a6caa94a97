"""A headless Chromium on this machine: its own where it has one, else one fetched into `.local`."""

from chromium_local.finding import Chromium, ChromiumError, chromium

__all__ = ["Chromium", "ChromiumError", "chromium"]
