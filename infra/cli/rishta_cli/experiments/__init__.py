"""`rishta experiment`: what nudges about carts brought, by experiment and variant."""
