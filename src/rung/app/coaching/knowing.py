"""A person as far as what is shown of a ladder tells: made of that alone, and remembered for a while.

Where all is shown that is the person's own state, which is kept in the store. Else, and where that is stale,
it takes a replay of what is shown, which is what costs most in a long caseload: the last ones are remembered
in the process, under what they stand on, and can be lost at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from rung.app.model import LadderId, PersonId
from rung.app.ports import Entry
from rung.app.sharing.fields import Field
from rung.engine import Engine, Person

__all__ = ["Knowing", "Memory", "known_of"]

_MOST = 1000
"""People remembered at a time; some kilobytes each."""

Key = tuple[str, PersonId, LadderId, frozenset[Field], int]


class Memory:
    """The people made last."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._people: OrderedDict[Key, Person] = OrderedDict()

    def get(self, key: Key) -> Person | None:
        """The person that was made of this."""
        with self._lock:
            if key in self._people:
                self._people.move_to_end(key)
            return self._people.get(key)

    def put(self, key: Key, person: Person) -> None:
        """Remember them, and forget whoever was asked for longest ago."""
        with self._lock:
            self._people[key] = person
            while len(self._people) > self._most:
                self._people.popitem(last=False)


_MEMORY = Memory()


class Knowing:
    """One person on one ladder, made when they are asked for; `made_by` is the version of states."""

    def __init__(
        self,
        engine: Engine,
        made_by: str,
        person: PersonId,
        ladder: LadderId,
        fields: frozenset[Field],
        standing: int,
        memory: Memory = _MEMORY,
    ) -> None:
        self._engine = engine
        self._key = (made_by, person, ladder, fields, standing)
        self._memory = memory
        self.known = memory.get(self._key)
        """None until they are made."""

    def of(self, seen: Iterable[Entry]) -> Person:
        """The person; `seen` is all that is shown of the ladder's log, where they are not known yet."""
        if self.known is None:
            self.known = known_of(self._engine, None, seen)
            self._memory.put(self._key, self.known)
        return self.known


def known_of(engine: Engine, own: Person | None, seen: Iterable[Entry]) -> Person:
    """The person's own state, where there is one to show; else a replay of what is shown of the ladder."""
    return engine.replay(entry.event for entry in seen) if own is None else own
