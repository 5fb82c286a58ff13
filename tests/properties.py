"""How properties of what is in the database are tried."""

from hypothesis import HealthCheck, Phase, settings

tried = settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
"""Each example takes itself back, and to make a failing one smaller takes minutes."""
