"""The address of MongoDB, checked without asking any server, and without showing a part of it."""

import warnings

from pydantic import SecretStr
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

SCHEME, SRV_SCHEME = "mongodb://", "mongodb+srv://"


def check_address(value: SecretStr) -> SecretStr:
    """Return the address. Raises `ValueError` if no client of MongoDB can read it."""
    uri = value.get_secret_value()
    if not uri.startswith((SCHEME, SRV_SCHEME)):
        raise ValueError("must begin with mongodb:// or mongodb+srv://")
    if uri.startswith(SRV_SCHEME):
        # Its hosts and some options are in the DNS, which is not asked here.
        uri = SCHEME + uri.removeprefix(SRV_SCHEME).partition("?")[0]
    try:
        with warnings.catch_warnings(action="ignore"):
            parse_uri(uri, warn=True)
    except OSError as error:
        raise ValueError(f"names a file that cannot be read: {error.strerror}") from None
    except (PyMongoError, ValueError, TypeError):
        # The driver's own text may quote the password.
        raise ValueError(
            "cannot be read: it must be mongodb://USER:PASSWORD@HOST:PORT,…/?OPTIONS, with the "
            "special characters of user and password percent-encoded"
        ) from None
    return value
