"""The database door: one Flask-SQLAlchemy session; every transaction is bound by its first statement."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, SessionTransaction, registry
from sqlalchemy.pool import ConnectionPoolEntry

from infrastructure.database import binding as bindings
from infrastructure.database.binding import Binding, NotBound, Rebound

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_engines: dict[str, Engine] = {}


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """All models share one registry and one naming convention; a state is stored as its value, never as its name."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={StrEnum: Enum(StrEnum, native_enum=False, values_callable=_values)},
    )


class Door(SQLAlchemy):
    """Flask-SQLAlchemy with one engine for each login, shared by the audience apps of a process."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:  # noqa: ARG002
        return open_engine(str(options["url"]))


def open_engine(url: str) -> Engine:
    """The pooled engine of this process for one login. Connections never travel into a forked child."""
    if url not in _engines:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=16,
            max_overflow=0,
            pool_recycle=300,
            connect_args={
                "connect_timeout": 3,
                "options": "-c statement_timeout=15000",
                "prepare_threshold": 3,
            },
        )
        _guard_against_forks(engine)
        _engines[url] = engine
    return _engines[url]


def after_fork() -> None:
    """First thing in every forked child: forget the parent's sockets without closing them (ADR 0004)."""
    for engine in _engines.values():
        engine.dispose(close=False)


def _guard_against_forks(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def remember_process(_: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["pid"] = os.getpid()

    @event.listens_for(engine, "checkout")
    def refuse_foreign_socket(_: Any, entry: ConnectionPoolEntry, __: Any) -> None:
        if entry.info["pid"] != os.getpid():
            entry.dbapi_connection = None  # type: ignore[misc]  # the socket belongs to the parent: drop it, do not close it
            raise InvalidRequestError("This connection was opened before the fork.")


os.register_at_fork(after_in_child=after_fork)


class GuardedSession(FlaskSession):
    """The identity map answers without SQL, so PostgreSQL cannot check it: ask whose it is first."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        _refuse_another_binding(self)
        return super().get(*args, **kwargs)


db = Door(model_class=Base, session_options={"expire_on_commit": False, "class_": GuardedSession})


@event.listens_for(Session, "after_begin")
def _bind(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    binding = bindings.current()
    if binding is None or transaction.nested:
        return
    held: Binding | None = session.info.setdefault("binding", binding)
    if held is not binding:
        raise Rebound
    binding.accept(connection.execute(binding.statement, binding.parameters).one_or_none())


@event.listens_for(Session, "do_orm_execute")
def _check_statement(state: ORMExecuteState) -> None:
    _refuse_another_binding(state.session)


@event.listens_for(Session, "before_flush")
def _check_flush(session: Session, *_: Any) -> None:
    _refuse_another_binding(session)


def _refuse_another_binding(session: Session) -> None:
    held = session.info.get("binding")
    if held is not None and held is not bindings.current():
        raise Rebound


def begin(binding: Binding) -> bool:
    """Begin the session's transaction under the current binding; False when it finds nobody to act for."""
    try:
        db.session.connection(execution_options={"postgresql_readonly": binding.read_only})
    except NotBound:
        close()
        return False
    return True


def close() -> None:
    """End the unit of work: roll back what is open and forget every object it has seen."""
    session = db.session()
    session.rollback()
    session.expunge_all()
    session.info.pop("binding", None)
    db.session.remove()


@contextmanager
def unit_of_work(binding: Binding) -> Iterator[Session]:
    """One transaction under one binding: commit on success, roll back on any error. Raises NotBound."""
    close()
    with bindings.bound(binding):
        try:
            if not begin(binding):
                raise NotBound
            yield db.session()
            db.session.commit()
        finally:
            close()


@contextmanager
def at_the_door() -> Iterator[Connection]:
    """A short transaction of its own, bound to nobody: only door functions can be called in it."""
    with db.engine.begin() as connection:
        yield connection
