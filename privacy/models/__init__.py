from privacy.models.person import Person

__all__ = ["Person"]
