from joins.models.join_code import JoinCode
from joins.models.join_request import JoinRequest
from joins.models.join_url import JoinURL

__all__ = ["JoinCode", "JoinRequest", "JoinURL"]
