"""One spelling for each mailbox."""

LONGEST = 254  # characters, as in Django's EmailField


def normalize(email):
    """Return the address as mail servers read it, in small letters, or None if that isn't an address for us.

    In a domain, mail servers read full-width letters and a long s as plain letters, drop soft hyphens and joiners, and
    read "xn--…" as the letters that it stands for. So each mailbox has any number of spellings, and a limit by address
    would hold for none of them (T35). Nobody's address has quotes, or a number instead of a domain.
    """
    name, _, domain = email.lower().rpartition("@")
    if len(email) > LONGEST or '"' in name or domain.startswith("["):
        return None
    try:
        domain = domain.encode("idna").decode("idna")
    except UnicodeError:
        return None
    spelled = f"{name}@{domain}"
    return spelled if len(spelled) <= LONGEST else None  # "ß" became "ss"
