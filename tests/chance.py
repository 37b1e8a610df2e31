"""How often chance is asked: meetings of fifty moves, two hundred of them in `make test`, on both databases together; twenty
thousand on each in `make faults`.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
RUNS = settings(
    max_examples=200, stateful_step_count=50, deadline=None, database=None, suppress_health_check=SLOW_IS_FINE
)
VERY_MANY_RUNS = settings(RUNS, max_examples=20_000)

# Meetings on a database are asked for in parts, which go to whichever process is free.
PARTS = 8
# With a database a failing meeting is printed as it was: making it shorter takes minutes. `Phase.shrink` does that.
FEW_MEETINGS = settings(RUNS, phases=(Phase.generate,), max_examples=4)
MEETINGS = settings(FEW_MEETINGS, max_examples=RUNS.max_examples // PARTS - FEW_MEETINGS.max_examples)
VERY_MANY_MEETINGS = settings(MEETINGS, max_examples=20_000)
