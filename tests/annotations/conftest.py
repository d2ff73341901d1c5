"""What the tests of reading share."""

from hypothesis import settings

# Times of single examples say nothing on a shared machine; speed has tests of its own.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
