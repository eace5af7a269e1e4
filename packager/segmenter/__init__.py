"""Samples in, cuts out: where parts and segments begin and end, in every rendition alike. Pure."""
