"""The form behind the link in a mail: what a customer wrote, and the pages that answer it."""
