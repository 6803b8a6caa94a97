"""What customers agreed to be mailed about, and the page on which they change their mind."""
