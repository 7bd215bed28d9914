"""Whatever happens to a blog between two builds, the second is as if it were the first."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.incremental.blogs import BLOGS
from tests.incremental.conditions import folder, times_trusted_at_once
from tests.incremental.world import STEPS, World

EXAMPLES = int(os.environ.get("INCREMENTAL_EXAMPLES", "5"))
"""For each blog; thousands when something of it is changed."""

STEP = st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 999), st.integers(0, 999))


@pytest.mark.parametrize("name", BLOGS)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    phases=set(Phase) - {Phase.explain},
)
@given(
    st.booleans(),
    st.lists(st.lists(STEP, min_size=1, max_size=3), min_size=1, max_size=5),
)
def test_a_build_is_as_one_from_nothing(
    name: str, trusting: bool, history: list[list[tuple[str, int, int]]]
) -> None:
    """Files, report and ledger equal those of a build that remembers nothing but the ledger."""
    with folder() as path, times_trusted_at_once(trusting):
        world = World(path, BLOGS[name])
        world.check()
        for steps in history:
            for step, a, b in steps:
                note(f"{step} {a} {b}")
                STEPS[step](world, a, b)
            world.check()
