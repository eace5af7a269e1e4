"""The outermost ring: settings, the composition root and the command line."""
