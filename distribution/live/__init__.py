"""Live playlists and media: deciding, waiting and responding, each apart."""
