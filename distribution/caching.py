"""Cache-Control for every kind of response (rfc8216bis, Appendix B.1). An origin sends no Age."""

# An immutable URI may be kept longer than the six target durations that B.1 asks for: it holds
# an epoch, so it never means anything else.
IMMUTABLE_MEDIA = b"public, max-age=3600, immutable"

# One year, the longest that RFC 9111 readers honour: the file's name has a hash of its bytes.
IMMUTABLE_ASSET = b"public, max-age=31536000, immutable"

# Half of the shortest interval at which players look for a new manifest, in the whole seconds of
# HTTP, would be none; it lists the segment after the open one, so that a second late is in time.
MANIFEST = b"public, max-age=1"

# "Not yet" must not outlive the part it denies: a CDN that keeps a 404 or a 400 for longer than
# that keeps serving it after the part is there.
NOT_FOUND = b"public, max-age=1"

NEVER = b"no-store"
REVALIDATE = b"no-cache"


def blocking_playlist(target_duration_s: int) -> bytes:
    """For a playlist that names its position: six target durations (B.1)."""
    return b"public, max-age=%d" % (6 * target_duration_s)


def current_playlist(target_duration_s: int) -> bytes:
    """For a playlist that says "now": half a target duration (B.1), in the whole seconds of HTTP.

    Half of one second is none: then every reader asks again.
    """
    half_s = target_duration_s // 2
    return b"public, max-age=%d" % half_s if half_s else REVALIDATE


def malformed_directives(target_duration_s: int) -> bytes:
    """For directives that are wrong at any time: four target durations (B.1)."""
    return b"public, max-age=%d" % (4 * target_duration_s)
