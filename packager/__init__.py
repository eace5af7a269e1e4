"""Samples in; CMAF parts and segments, HLS playlists and the live Publication out."""
