"""Work over many parts by any executor: in order, and in spite of workers that die.

An executor is whatever has `submit` as `concurrent.futures.Executor` has it: this process (`in_turn`),
processes of this machine (`processes`), a cluster (`dask_cluster`). As many parts are under way as it has
workers. When the executor breaks, since a worker was killed, a new one is opened and the parts that were
under way are done again: each alone, so that it is known which of them kills workers. A part that failed
three times is named, and everything ends. A fault that Rung itself tells, as of a log, is told at once.
"""

from __future__ import annotations

import importlib
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from types import TracebackType
from typing import Any, NamedTuple, TypeVar, cast

from rung.errors import InvalidInput, MissingExtra, PartFailed, RungError

__all__ = ["Workers", "dask_cluster", "in_turn", "processes"]

T = TypeVar("T")
R = TypeVar("R")

_TRIES = 3


class _Fault(NamedTuple):
    """Why a part failed, as text: not every exception survives the way from one process to another."""

    reason: str
    is_told: bool
    """True where Rung raised it on purpose; trying again would not help."""


class Workers:
    """An executor that is opened when first needed, and again whenever it breaks."""

    def __init__(self, opened: Callable[[], Executor], count: int) -> None:
        """`count` is how many parts are under way at once."""
        self._opened = opened
        self._count = count
        self._executor: Executor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def over(
        self,
        work: Callable[..., R],
        parts: Sequence[T],
        *more: object,
        name: Callable[[T], str],
        progress: Callable[[int], object] | None = None,
    ) -> list[R]:
        """`work(part, *more)` of every part, in their order; `PartFailed` with the name of one that failed.

        `progress` is called with the number of parts done.
        """
        results: dict[int, R] = {}
        failures = [0] * len(parts)
        waiting = deque(range(len(parts)))
        under_way: dict[Future[R | _Fault], int] = {}
        broken = False

        def failed(place: int, reason: str, tries: int) -> None:
            failures[place] += 1
            if failures[place] >= tries:
                raise PartFailed(name(parts[place]), reason, failures[place])
            waiting.append(place)

        while len(results) < len(parts):
            while waiting and not broken and self._has_room(failures, waiting[0], under_way.values()):
                try:
                    under_way[self._submit(work, parts[waiting[0]], more)] = waiting[0]
                    waiting.popleft()
                except BrokenExecutor:
                    broken = True
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                place = under_way.pop(future)
                error = future.exception()
                if error is not None:
                    broken |= isinstance(error, BrokenExecutor)
                    failed(place, f"its worker was lost ({type(error).__name__}: {error})", _TRIES)
                    continue
                result = future.result()
                if isinstance(result, _Fault):
                    failed(place, result.reason, 1 if result.is_told else _TRIES)
                    continue
                results[place] = result
                if progress:
                    progress(len(results))
            if broken and not under_way:
                self._close()
                broken = False
        return [results[place] for place in range(len(parts))]

    def _has_room(self, failures: Sequence[int], place: int, under_way: Any) -> bool:
        if failures[place]:
            return not under_way
        return len(under_way) < self._count

    def _submit(self, work: Callable[..., R], part: object, more: tuple[object, ...]) -> Future[R | _Fault]:
        if self._executor is None:
            self._executor = self._opened()
        return self._executor.submit(_tried, work, part, more)

    def _close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None


def _tried(work: Callable[..., R], part: object, more: tuple[object, ...]) -> R | _Fault:
    try:
        return work(part, *more)
    except RungError as error:
        return _Fault(str(error), True)
    except Exception as error:
        return _Fault(f"{type(error).__name__}: {error}", False)


class _InTurn(Executor):
    """Does the work itself, at once."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        future: Future[R] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def in_turn() -> Workers:
    """One part after the other, in this process."""
    return Workers(_InTurn, 1)


def processes(count: int) -> Workers:
    """Processes of this machine; one is this process itself."""
    if count == 1:
        return in_turn()
    # Spawned, so that a worker holds nothing of what its parent holds, on every system alike.
    context = multiprocessing.get_context("spawn")
    return Workers(lambda: ProcessPoolExecutor(count, context), count)


@contextmanager
def dask_cluster(address: str) -> Iterator[Workers]:
    """The workers of a running Dask cluster, by the address of its scheduler."""
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise MissingExtra("fitting on a cluster", "dask") from None
    try:
        client = distributed.Client(address)
    except (OSError, ValueError) as error:
        raise InvalidInput(f"no Dask scheduler can be reached at {address!r}: {error}") from error
    with client:
        count = max(1, sum(client.ncores().values()))
        # Not pure: Dask would take a part that failed as done, and not try it again.
        with Workers(lambda: cast(Executor, client.get_executor(pure=False)), count) as workers:
            yield workers
