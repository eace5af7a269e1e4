"""Webhooks: what happens on a channel, or on the whole server, told to programs elsewhere."""
