from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's smaller parameters: 0.04 CPU-seconds a hash, so a whole class can log in at once (L3).

    Django has no setting for these parameters; its documentation says to subclass the hasher.
    """

    memory_cost = 19456  # KiB
    time_cost = 2  # passes
    parallelism = 1  # threads
