"""Time-based one-time passwords (RFC 6238) and recovery codes. Pure but for making new secrets.

Six digits, SHA-1, 30 s: what every authenticator app understands.
"""

import base64
import secrets
from typing import Final

import pyotp
from pyotp.utils import strings_equal

STEP_S: Final = 30
CODE_DIGITS: Final = 6
RECOVERY_CODES: Final = 10
_SECRET_CHARACTERS: Final = 32  # 160 bits, as RFC 4226, 4 (R6) recommends
_RECOVERY_BYTES: Final = 10  # 80 bits: searching for one is hopeless even with its digest
_STEPS_EITHER_WAY: Final = 1  # RFC 6238, 5.2: one step of delay; and as much for fast clocks


def new_secret() -> str:
    """Make the secret that the server and the app share, in base32."""
    return pyotp.random_base32(_SECRET_CHARACTERS)


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """Return the otpauth: URI that apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def matching_step(secret: str, code: str, now_ms: int, last_step: int) -> int | None:
    """Return the time step that the code belongs to, or None if it is wrong, old or used.

    RFC 6238, 5.2: "The verifier MUST NOT accept the second attempt of the OTP": whoever accepts
    the step keeps it as the next `last_step`. Every step is compared, whichever matches.
    """
    digits = code.replace(" ", "")
    totp = pyotp.TOTP(secret)
    now_step = now_ms // (STEP_S * 1000)
    found: int | None = None
    for step in range(now_step - _STEPS_EITHER_WAY, now_step + _STEPS_EITHER_WAY + 1):
        if strings_equal(totp.at(step * STEP_S), digits) and step > last_step:
            found = step
    return found


def new_recovery_code() -> str:
    """Make a code such as "K7XQ-2MZA-PD3S-VH6T" for who has lost the app."""
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def canonical_recovery_code(code: str) -> str:
    """Return the code as it was made, from however somebody typed it."""
    letters = "".join(code.split()).replace("-", "").upper()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
