"""How many examples Hypothesis tries: a few, the same in every run, unless one goes hunting."""

from hypothesis import settings

settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True)
settings.register_profile("fuzz", deadline=None, max_examples=2000)
settings.load_profile("ci")
