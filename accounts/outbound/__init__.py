"""Outbound: requests to addresses that people have given us, and what they may reach."""
