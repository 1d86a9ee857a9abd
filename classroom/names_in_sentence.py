"""Names in a sentence."""

SHOWN_NAMES = 5  # how many people a sentence about several names


def names_in_sentence(names):
    """Return "Ada Lee, Ben Lee, Leo Park", or of many "Ada Lee, Ben Lee, … and 495 more"."""
    shown, more = ", ".join(names[:SHOWN_NAMES]), len(names[SHOWN_NAMES:])
    return f"{shown} and {more} more" if more else shown
