"""What has happened, told to whoever wants to hear it: a bus, WebSocket and server-sent events.

Imports no sibling: what it needs of the world it states in `ports`; adapters are in `config`.
"""
