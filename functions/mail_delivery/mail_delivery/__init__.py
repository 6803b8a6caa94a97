"""The one path to the customer's inbox."""
