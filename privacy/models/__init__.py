from privacy.models.classless import Classless
from privacy.models.person import Person

__all__ = ["Classless", "Person"]
