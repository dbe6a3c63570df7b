"""The rulebook as a PlanDefinition: every rule with its basis, when it fires and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from triage.domain.rules import Authority, Basis, Rule, Ruleset
from triage.fhir.own import Own
from triage.fhir.questionnaires.heading import STATUSES, computer_name
from triage.fhir.writing.terms import plan_id
from triage.rulebook import Rulebook

Resource = dict[str, Any]

PLAN_TYPES = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
RESOURCE_TYPES = "http://hl7.org/fhir/resource-types"

PURPOSE = (
    "By these rules a referral to mental health care is given a route and an urgency, with reasons."
    " They advise; a clinician decides. They do not diagnose and predict nothing."
)

USAGE = (
    "Every rule is tried on every referral. The first route in the order of the rulebook leads; the"
    " most urgent of all that is concluded counts. When a rule fires is told in words, for people"
    " to read: the service alone tries rules, to which a question that nobody asked is never a no."
)


@dataclass(frozen=True, slots=True)
class InWords:
    """A rule in plain words: when it fires, what it then says, and what it concludes."""

    when: str
    says: tuple[str, ...]
    then: tuple[str, ...]


Saying = Callable[[Rule], InWords]
"""Says a rule in words."""


def plan_definition_of(rulebook: Rulebook, say: Saying) -> Resource:
    """The rulebook as a resource of R4: an action for each rule, in groups as in the files."""
    own, stamp = Own.of(rulebook.vocabulary), rulebook.stamp
    id_ = plan_id(stamp.id)
    return {
        "resourceType": "PlanDefinition",
        "id": id_,
        "url": own.plan_definition(id_),
        "identifier": [{"system": own.identifier("rulebook"), "value": stamp.digest}],
        "version": stamp.version,
        "name": computer_name(id_),
        "title": rulebook.title,
        "type": {"coding": [{"system": PLAN_TYPES, "code": "eca-rule"}]},
        "status": STATUSES[rulebook.status],
        "subjectCodeableConcept": {"coding": [{"system": RESOURCE_TYPES, "code": "Patient"}]},
        "publisher": rulebook.owner,
        "description": PURPOSE,
        "usage": USAGE,
        "author": [{"name": rulebook.owner}],
        "relatedArtifact": [*_base(rulebook, own), *_documents(rulebook)],
        "action": [_group(one, own, say) for one in rulebook.rulesets],
    }


def _documents(rulebook: Rulebook) -> Iterator[Resource]:
    """The documents that rules rest on; a local choice is none."""
    for source in rulebook.sources.values():
        if source.authority is not Authority.LOCAL:
            yield {"type": "derived-from", "label": source.id, "display": source.title}


def _base(rulebook: Rulebook, own: Own) -> Iterator[Resource]:
    """The rulebook that a local one extends."""
    if rulebook.extends:
        base = rulebook.extends
        canonical = f"{own.plan_definition(plan_id(base.id))}|{base.version}"
        yield {"type": "depends-on", "display": base.id, "resource": canonical}


def _group(ruleset: Ruleset, own: Own, say: Saying) -> Resource:
    told = {"description": ruleset.meaning} if ruleset.meaning else {}
    return {
        "id": ruleset.id,
        "title": ruleset.title,
        **told,
        "code": [_code(own, "ruleset", ruleset.id)],
        "action": [_action(rule, own, say(rule)) for rule in ruleset.rules],
    }


def _action(rule: Rule, own: Own, words: InWords) -> Resource:
    """A rule, in words alone: R4 has no language of expressions that our conditions are in.

    Without a condition an action would always be done, so each is one that may be done, and says
    when.
    """
    told = {"description": " ".join(words.says)} if words.says else {}
    return {
        "id": rule.id,
        "title": rule.title,
        **told,
        "textEquivalent": f"When: {words.when}. Then: {'. '.join(words.then)}.",
        "code": [_code(own, "rule", rule.id)],
        "documentation": [_justification(rule.basis)],
        "requiredBehavior": "could",
    }


def _code(own: Own, system: str, code: str) -> Resource:
    return {"coding": [{"system": own.system(system), "code": code}]}


def _justification(basis: Basis) -> Resource:
    unsigned = " It waits for a clinician's signature." if basis.sign_off else ""
    return {
        "type": "justification",
        "label": basis.source.id,
        "display": basis.source.title,
        "citation": f"{basis.where.removesuffix('.')}.{unsigned}",
    }
