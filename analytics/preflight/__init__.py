"""Test my set-up: a streamer publishes to a private key, and is told how good the stream is.

Nobody can watch a trial, nobody hears of it, and it is in no history. A trial's media is measured
and forgotten.
"""
