from joins.models.class_network import ClassNetwork
from joins.models.guess import Guess
from joins.models.join_code import JoinCode
from joins.models.join_request import JoinRequest
from joins.models.join_url import JoinURL
from joins.models.known_network import KnownNetwork
from joins.models.sign_up import SignUp
from joins.models.slip import Slip

__all__ = ["ClassNetwork", "Guess", "JoinCode", "JoinRequest", "JoinURL", "KnownNetwork", "SignUp", "Slip"]
