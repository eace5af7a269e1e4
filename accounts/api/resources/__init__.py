"""What the API offers, one file per noun."""
