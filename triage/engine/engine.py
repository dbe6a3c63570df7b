"""The engine: every stage of a rulebook, ready to run."""

from __future__ import annotations

import threading

from triage.domain.rules import Fired, Stage
from triage.domain.vocabulary import Facts
from triage.engine.properties import Properties, refuse_colliding_names
from triage.engine.shard import GUARD, Shard, parts
from triage.rulebook import Rulebook


class Engine:
    """A rulebook made ready to run. Safe to call from many threads; one run at a time."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._lock = threading.Lock()
        properties = Properties(rulebook.vocabulary.terms)
        self._stages = {
            stage.number: [Shard(part) for part in parts(stage, properties)]
            for stage in rulebook.stages
        }
        refuse_colliding_names({GUARD, "sid", "id", "$s", *properties.names})
        for stage in rulebook.stages:
            self.fired(stage, {})

    def fired(self, stage: Stage, facts: Facts) -> tuple[Fired, ...]:
        """The rules of a stage that fire on the facts, in the order of the rulebook.

        Raises ``EngineError`` where the engine refused the facts, failed, or did not run.
        """
        found: list[Fired] = []
        with self._lock:
            for shard in self._stages[stage.number]:
                found += shard.run(facts)
        return tuple(found)

    def close(self) -> None:
        """Give back the engine's memory. The engine must not be used afterwards."""
        with self._lock:
            for shard in (shard for shards in self._stages.values() for shard in shards):
                shard.close()
            self._stages.clear()
