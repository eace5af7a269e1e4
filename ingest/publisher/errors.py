"""What keeps the RTMP server from starting, beside a port that is taken (OSError)."""


class CertificateError(Exception):
    """The certificate or its private key cannot be used; the text names the files."""
