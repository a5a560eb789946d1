"""A forked child never speaks on its parent's socket."""

import os
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe

from sqlalchemy import text

from tests.world import World

ROUNDS = 200


def _read_in_child(world: World, who: str, pipe: Pipe) -> None:
    """In the child: whose pupils does each transaction show?"""
    seen: set[str] = set()
    for _ in range(ROUNDS):
        with world.acting(getattr(world, who)) as session:
            seen |= {str(key) for key in session.scalars(text("select tenant_id from pupil"))}
    pipe.send((os.getpid(), sorted(seen)))


def test_two_children_of_one_warm_parent_read_only_their_own_school(world: World) -> None:
    with world.acting(world.sendco) as session:  # the parent's pool is warm: there is a socket to inherit
        session.execute(text("select 1"))
    fork = get_context("fork")
    answers = {}
    children = []
    for who in ("sendco", "other_sendco"):
        ours, theirs = fork.Pipe()
        child = fork.Process(target=_read_in_child, args=(world, who, theirs))
        child.start()
        children.append((who, child, ours))
    for who, child, pipe in children:
        answers[who] = pipe.recv()
        child.join()
    assert answers["sendco"][1] == [str(world.larkrise.id)]
    assert answers["other_sendco"][1] == [str(world.millbrook.id)]
    with world.acting(world.sendco) as session:
        assert session.scalar(text("select count(*) from pupil")) == 3
