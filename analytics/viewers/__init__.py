"""Who watches: playback sessions, counted as they go, and written down as spells."""
