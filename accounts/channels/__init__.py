"""Channels: named places that accounts publish to, who may watch them, and what was on air."""
