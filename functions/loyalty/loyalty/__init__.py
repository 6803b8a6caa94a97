"""Credits points for paid orders, in a ledger that explains every one of them."""
