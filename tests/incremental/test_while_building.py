"""What happens to a blog while it is built is seen by this build or by the next."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from syndicate.pipeline.timings import Count
from tests.incremental.blogs import BLOGS
from tests.incremental.conditions import folder, times_trusted_at_once
from tests.incremental.world import STEPS, World

STAGES = ("open", "read", "recognise", "plan", "compare", "render", "assemble", "remember")
OF_AN_EDIT = ("open", "read", "render", "write", "remember")
"""The stages of a build in which only words of posts changed."""


class Meanwhile:
    """A timer that does something to the blog when a stage is entered for the first time."""

    def __init__(self, world: World, stage: str, step: str, number: int) -> None:
        self._world, self._stage = world, stage
        self._step, self._number = step, number
        self.done = False

    @contextmanager
    def __call__(self, stage: str) -> Iterator[Count]:
        if stage == self._stage and not self.done:
            self.done = True
            STEPS[self._step](self._world, self._number, 4)
        yield lambda _: None


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("name", "step"),
    [("jekyll", "edit_unseen"), ("jekyll", "swap"), ("jekyll", "edit_other"), ("nikola", "rename")],
)
def test_the_next_build_is_as_one_from_nothing(name: str, step: str, stage: str) -> None:
    """A file that changes between two looks at it is not taken for what it was."""
    with folder() as path, times_trusted_at_once(True):
        world = World(path, BLOGS[name])
        world.check()
        STEPS["edit_other"](world, 0, 1)
        meanwhile = Meanwhile(world, stage, step, 1)
        world.build(timer=meanwhile)
        assert meanwhile.done
        world.check()


@pytest.mark.parametrize("stage", OF_AN_EDIT)
@pytest.mark.parametrize("step", ["edit_unseen", "swap", "edit_other", "grow", "delete"])
@pytest.mark.parametrize("name", ["jekyll", "hugo"])
def test_the_build_after_an_edit_is_as_one_from_nothing(name: str, step: str, stage: str) -> None:
    """What happens while an edit is built is seen by this build or by the next."""
    with folder() as path, times_trusted_at_once(True):
        world = World(path, BLOGS[name])
        world.check()
        STEPS["grow"](world, 1, 1)
        meanwhile = Meanwhile(world, stage, step, 1)
        world.build(timer=meanwhile)
        assert meanwhile.done
        world.check()
