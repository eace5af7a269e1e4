"""RTMP in, coded Samples out. Knows publishers; not playlists, viewers or accounts."""
