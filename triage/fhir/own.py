"""Our own systems and canonical addresses, all under the address that the vocabulary gives."""

from __future__ import annotations

from dataclasses import dataclass

from triage.domain.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Own:
    """The URIs of our own. ``base`` has no slash at its end."""

    base: str

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Own:
        """Those of a vocabulary."""
        return cls(vocabulary.messages.own)

    def system(self, name: str) -> str:
        """A code system: ``answer``, ``factor``, ``level``, ``route``, ``urgency``, ``action``...

        For the choices of an answer ``name`` is that answer.
        """
        return f"{self.base}/CodeSystem/{name}"

    def identifier(self, name: str) -> str:
        """A system of identifiers: ``decision``, ``rulebook``, ``team``, ``delivery``."""
        return f"{self.base}/Id/{name}"

    def extension(self, name: str) -> str:
        """The definition of an extension."""
        return f"{self.base}/StructureDefinition/{name}"

    def questionnaire(self, name: str) -> str:
        """The canonical address of one of our questionnaires, without its version."""
        return f"{self.base}/Questionnaire/{name}"

    def plan_definition(self, name: str) -> str:
        """The canonical address of a rulebook as a plan, without its version."""
        return f"{self.base}/PlanDefinition/{name}"
