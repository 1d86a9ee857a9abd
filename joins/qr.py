"""QR codes, as images inside the page, because a second request would need the Code in its address (K10)."""

from functools import lru_cache

import segno

# One of the eight patterns that a QR code may be mixed with. To compare all eight takes three quarters of the time, and
# a page of slips draws eighty QR codes; cameras read each of them.
MASK = 2


def qr(address):
    return segno.make(address, micro=False, mask=MASK).svg_data_uri(scale=6)


@lru_cache(maxsize=1000)
def qr_of_join_url(address):
    """Like qr(), but remembered: every class page shows it, and a Join URL never changes (J4)."""
    return qr(address)
