"""Mail: what the server writes to people, and how it leaves the server."""
