"""What holds for all tests: no property fails for being slow on a busy machine."""

from hypothesis import HealthCheck, settings

settings.register_profile("tracker", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tracker")
