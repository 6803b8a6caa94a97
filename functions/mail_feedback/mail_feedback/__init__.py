"""What became of the mails that left."""
