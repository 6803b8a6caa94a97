"""`rishta cost`: a month's bill, from the calls that tests count and a dated price table."""
