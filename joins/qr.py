"""QR codes, as images inside the page, because a second request would need the Code in its address (K10)."""

from functools import lru_cache

import segno


def qr(address):
    return segno.make(address, micro=False).svg_data_uri(scale=6)


@lru_cache(maxsize=1000)
def qr_of_join_url(address):
    """Like qr(), but remembered: every class page shows it, drawing takes 10 ms, and a Join URL never changes (J4)."""
    return qr(address)
