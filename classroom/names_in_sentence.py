"""Names in a sentence."""

SHOWN_NAMES = 5  # how many people a sentence about several names


def names_in_sentence(names):
    """Return "Ada Lee, Ben Lee, Leo Park", or of many "Ada Lee, Ben Lee, … and 495 more"."""
    more = len(names[SHOWN_NAMES:])
    return f"{', '.join(names[:SHOWN_NAMES])}{f' and {more} more' if more else ''}"
