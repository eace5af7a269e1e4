"""Conformance: an independent witness of a live HLS server, which reads the wire alone."""
