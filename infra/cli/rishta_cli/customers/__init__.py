"""`rishta customer`: everything that is held on one person, and its end."""
