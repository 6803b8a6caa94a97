"""What is known of carts, their shoppers and products: the tables, and what the shop's facts mean for them."""
