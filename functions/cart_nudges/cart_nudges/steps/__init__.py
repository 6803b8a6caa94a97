"""The steps about a cart that was left: the sweep, and all that it decides."""
