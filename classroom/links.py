"""Links in what a person has written."""

from typing import NamedTuple

from django.utils.html import smart_urlquote, urlizer


class Piece(NamedTuple):
    text: str
    address: str = ""  # to which the text is a link; empty if it's no link


def split_at_addresses(text):
    """Return `text` as a list of Pieces. Only web addresses become links: http, https, and www without either.

    Django's urlize() would also link email addresses, and its links would tell the other site who sends the visitor.
    """
    return [piece for word in urlizer.word_split_re.split(text) for piece in _pieces_of(word) if piece.text]


def _pieces_of(word):
    lead, address, _ = urlizer.trim_punctuation(word)
    trail = word[len(lead) + len(address) :]  # Django 5.2 loses the full stop of "(www.school.example)."
    if urlizer.simple_url_re.match(address):
        return Piece(lead), Piece(address, smart_urlquote(address)), Piece(trail)
    if address.lower().startswith("www."):
        return Piece(lead), Piece(address, smart_urlquote(f"https://{address}")), Piece(trail)
    return (Piece(word),)
