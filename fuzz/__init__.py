"""Coverage-guided fuzzing: what must hold for any bytes that a peer may send.

A harness takes the bytes of one entry and returns nothing; whatever it raises is a finding. The
harnesses know nothing of atheris, which only `fuzz.process` imports: `make test` replays every
committed entry without it.
"""
