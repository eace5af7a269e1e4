"""Chat: a room for each channel, what is said there, and who sees to it that people can talk."""
