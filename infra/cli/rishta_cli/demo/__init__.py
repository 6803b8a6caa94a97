"""Two days at a shop, told on the local cloud."""
