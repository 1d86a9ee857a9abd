"""The visitor's IP address. We believe as many hops of X-Forwarded-For as we have proxies (T19, T100)."""

import logging
from functools import lru_cache
from ipaddress import ip_address
from time import monotonic

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import Error

logger = logging.getLogger("homeroom.proxies")

CACHE_KEY = "fewer_proxies"
REPORTED_FOR = 3600  # seconds for which /readyz reports it
LOG_AGAIN_AFTER = 60  # seconds until a process logs it again
_logged_at = {}  # number of hops -> when this process last logged it


def client_ip(request):
    """Return the visitor's IP address: the outermost hop if fewer arrive than TRUSTED_PROXIES says.

    Raises PermissionDenied if there is no valid address.
    """
    hops = _hops(request)
    if 0 < len(hops) < settings.TRUSTED_PROXIES:
        _warn(len(hops), settings.TRUSTED_PROXIES)
    of_proxies = hops[-settings.TRUSTED_PROXIES :]
    found = of_proxies[0] if of_proxies else request.META.get("REMOTE_ADDR")
    if not found:
        raise PermissionDenied("Nobody's address: the web server has to listen on TCP (T66).")
    return _without_port(found)


def all_arrive():
    """Whether all requests of the last hour passed as many proxies as TRUSTED_PROXIES says; None if we can't know."""
    try:
        return cache.get(CACHE_KEY) is None
    except Error:
        return None


def _hops(request):
    if not settings.TRUSTED_PROXIES:
        return []
    parts = request.headers.get("X-Forwarded-For", "").split(",")
    return [hop.strip() for hop in parts if hop.strip()]


@lru_cache(maxsize=1000)
def _without_port(hop):
    """Return the address without its port: some proxies write 192.0.2.1:5000 or [2001:db8::1]:5000.

    A server that listens on IPv6 for both writes ::ffff:192.0.2.1 for an IPv4 address. It's turned back, because for
    the limits all of IPv4 would otherwise be one network (T20). What stands behind a % is left out: it names a network
    card and is any text, which would be in the log and in mails (T70).
    """
    for candidate in (hop, hop.strip("[]"), hop.rpartition(":")[0].strip("[]")):
        try:
            found = ip_address(candidate)
        except ValueError:
            continue
        return str(getattr(found, "ipv4_mapped", None) or found).partition("%")[0]
    raise PermissionDenied("X-Forwarded-For names no address.")


def _warn(hops, expected):
    """Log it, at most once every LOG_AGAIN_AFTER seconds, and let /readyz report it for an hour."""
    if monotonic() - _logged_at.get(hops, -LOG_AGAIN_AFTER) < LOG_AGAIN_AFTER:
        return
    _logged_at[hops] = monotonic()
    logger.warning(
        "TRUSTED_PROXIES is %s, but X-Forwarded-For names %s: set it to the number of proxies that there are.",
        expected,
        hops,
    )
    try:
        cache.add(CACHE_KEY, hops, timeout=REPORTED_FOR)
    except Error:
        logger.warning("The database does not answer, so /readyz does not tell of the missing proxy.")
