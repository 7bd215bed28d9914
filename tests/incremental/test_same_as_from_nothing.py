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


EDIT = st.tuples(
    st.sampled_from(["edit", "edit_unseen", "grow", "touch", "come_back", "swap", "tamper"]),
    st.integers(0, 999),
    st.integers(0, 999),
)
"""What leaves all files where they are, so that seldom more than words change."""
LIMITED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    phases=set(Phase) - {Phase.explain},
)


@pytest.mark.parametrize("name", BLOGS)
@LIMITED
@given(
    st.booleans(),
    st.lists(st.lists(STEP, min_size=1, max_size=3), min_size=1, max_size=5),
)
def test_a_build_is_as_one_from_nothing(
    name: str, trusting: bool, history: list[list[tuple[str, int, int]]]
) -> None:
    """Files, report and ledger equal those of a build that remembers nothing but the ledger."""
    _lived(name, trusting, history)


@pytest.mark.parametrize("name", BLOGS)
@LIMITED
@given(
    st.booleans(),
    st.integers(0, 99),
    st.lists(st.lists(EDIT, min_size=1, max_size=3), min_size=2, max_size=6),
)
def test_a_build_after_edits_is_as_one_from_nothing(
    name: str, trusting: bool, setting: int, history: list[list[tuple[str, int, int]]]
) -> None:
    """So it is under any configuration, however often the words of posts are changed."""
    _lived(name, trusting, [[("setting", setting, 0)], *history])


def _lived(name: str, trusting: bool, history: list[list[tuple[str, int, int]]]) -> None:
    with folder() as path, times_trusted_at_once(trusting):
        world = World(path, BLOGS[name])
        world.check()
        for steps in history:
            for step, a, b in steps:
                note(f"{step} {a} {b}")
                STEPS[step](world, a, b)
            world.check()
