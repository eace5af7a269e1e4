"""HTTP to viewers: live playlists and media, the status API, and the files of the web page.

Knows what `packager.live` publishes; nothing of publishers, RTMP or how media was made.
"""
