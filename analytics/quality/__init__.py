"""Playback quality: what players tell of themselves, and what is kept of it."""
