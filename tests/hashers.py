"""Password hashing that costs a test nothing, in the format that the real hasher reads."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 with the least work it can be told to do."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
