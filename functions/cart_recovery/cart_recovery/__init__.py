"""What nudges about carts brought, and what each variant of them did."""
