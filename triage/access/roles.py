"""Who may make which call: the whole of it, in one table.

``yes`` opens a call to a role and ``-`` closes it. ``own`` opens it for what the same client
recorded; the call itself sees to that, by ``only_own``. Nobody needs to be known for what is open
to all. CDS Hooks calls are open to GP systems by a token that their client signs for the one call
(``triage.access.cds_tokens``); what a browser asks before such a call (``OPTIONS``) carries no
token and is open to all. A token made on the machine itself opens them too, any other access token
does not. A call that is not in the table keeps the service from starting. A developer may do
everything, but is only ever somebody on the machine itself (``triage.access.here``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from triage.domain.caller import Role

OPEN_TO_ALL = """
call                               endpoint
GET /healthz                       operations.healthz
GET /readyz                        operations.readyz
GET /openapi.json                  docs.openapi
GET /docs                          docs.page
GET /docs/docs.js                  docs.script
GET /docs/vendor/{}                docs.vendored
GET /sign-in                       sign_in.begin
POST /sign-in                      sign_in.choose
GET /sign-in/return                sign_in.back
GET /signed-out                    sign_in.gone
GET /rules                         rulebook.overview
GET /rules/matrix                  rulebook.matrix
GET /rules/precedence              rulebook.precedence
GET /rules/values                  rulebook.values
GET /rules/questions               rulebook.questions
GET /rules/proofs                  rulebook.proofs
GET /rules/changes                 rulebook.changes
GET /rules/versions                rulebook.versions
GET /rules/by/{}                   rulebook.version
GET /rules/call-script             rulebook.call_script
GET /static/{}/{}                  assets.file
GET /fhir/metadata                 fhir.metadata
"""

CALLS = """
call                               endpoint                   gp  handler clinician auditor operator
POST /v1/triage                    triage.decide              yes yes     yes       yes     -
POST /v1/referrals                 triage.record              yes yes     yes       -       -
GET /v1/decisions/{}               decisions.one              own yes     yes       yes     -
GET /v1/decisions/{}/proof         decisions.proof            own yes     yes       yes     -
GET /v1/decisions/{}/history       decisions.history          -   yes     yes       yes     -
GET /v1/decisions/{}/replay        decisions.replay           -   -       yes       yes     -
GET /v1/decisions/{}/explanation   decisions.explanation      own yes     yes       yes     -
POST /v1/decisions/{}/override     decisions.override         -   -       yes       -       -
POST /v1/decisions/{}/override/{}/confirm decisions.confirm   -   -       yes       -       -
POST /v1/decisions/{}/override/{}/withdraw decisions.withdraw -   -       yes       -       -
POST /v1/decisions/search          decisions.search           -   yes     yes       yes     -
POST /v1/decisions/export          decisions.export           -   -       -         yes     -
GET /v1/overrides                  overrides.most_overridden  -   -       yes       yes     -
GET /v1/log/head                   log.head                   yes yes     yes       yes     yes
GET /v1/log/proof/{}               log.proof                  yes yes     yes       yes     yes
GET /v1/log/consistency            log.consistency            yes yes     yes       yes     yes
GET /v1/log/key                    log.key                    yes yes     yes       yes     yes
GET /v1/rulebook                   rules.the_rulebook         yes yes     yes       yes     yes
GET /v1/rulebook/{}                rules.rulebook_by_digest   yes yes     yes       yes     yes
GET /v1/vocabulary                 rules.vocabulary           yes yes     yes       yes     yes
GET /metrics                       operations.metrics         -   -       -         -       yes
POST /fhir/$process-message        fhir.process_message       yes yes     yes       -       -
POST /fhir/QuestionnaireResponse/$triage fhir.triage          yes yes     yes       yes     -
GET /fhir/Questionnaire            fhir.questionnaires        yes yes     yes       yes     yes
GET /fhir/Questionnaire/{}         fhir.questionnaire         yes yes     yes       yes     yes
GET /fhir/PlanDefinition           fhir.plan_definitions      yes yes     yes       yes     yes
GET /fhir/PlanDefinition/{}        fhir.plan_definition       yes yes     yes       yes     yes
GET /fhir/MessageDefinition        fhir.message_definitions   yes yes     yes       yes     yes
GET /fhir/MessageDefinition/{}     fhir.message_definition    yes yes     yes       yes     yes
GET /fhir/ServiceRequest           fhir.service_requests      own yes     yes       yes     -
POST /fhir/ServiceRequest/_search  fhir.service_requests_search own yes   yes       yes     -
GET /fhir/ServiceRequest/{}        fhir.service_request       own yes     yes       yes     -
GET /fhir/GuidanceResponse         fhir.guidance_responses    own yes     yes       yes     -
POST /fhir/GuidanceResponse/_search fhir.guidance_responses_search own yes yes      yes     -
GET /fhir/GuidanceResponse/{}      fhir.guidance_response     own yes     yes       yes     -
GET /fhir/Task/{}                  fhir.task                  own yes     yes       yes     -
"""

CDS_CALLS = """
call                               endpoint                   gp  handler clinician auditor operator
GET /cds-services                  cds_hooks.discovery        yes -       -         -       -
POST /cds-services/{}              cds_hooks.service          yes -       -         -       -
POST /cds-services/{}/feedback     cds_hooks.feedback         yes -       -         -       -
"""

PAGES = """
call                               endpoint                   gp  handler clinician auditor operator
GET /                              home.page                  yes yes     yes       yes     yes
GET /call                          calls.desk                 -   yes     yes       -       -
POST /call                         calls.begin                -   yes     yes       -       -
GET /call/{}                       calls.one                  -   yes     yes       -       -
GET /call/{}/question/{}           calls.question             -   yes     yes       -       -
POST /call/{}/question/{}          calls.answer               -   yes     yes       -       -
POST /call/{}/jump                 calls.jump                 -   yes     yes       -       -
GET /call/{}/person                calls.person               -   yes     yes       -       -
POST /call/{}/person               calls.keep_person          -   yes     yes       -       -
GET /call/{}/ratings               calls.ratings              -   -       yes       -       -
POST /call/{}/ratings              calls.keep_ratings         -   -       yes       -       -
GET /call/{}/form                  calls.form                 -   yes     yes       -       -
POST /call/{}/form                 calls.keep_form            -   yes     yes       -       -
GET /call/{}/check                 calls.check                -   yes     yes       -       -
POST /call/{}/record               calls.record               -   yes     yes       -       -
POST /call/{}/record-now           calls.record_now           -   yes     yes       -       -
GET /call/{}/end                   calls.end                  -   yes     yes       -       -
POST /call/{}/offer                calls.offer                -   yes     yes       -       -
GET /call/{}/take                  calls.taking               -   yes     yes       -       -
POST /call/{}/take                 calls.take                 -   yes     yes       -       -
GET /call/{}/discard               calls.discarding           -   yes     yes       -       -
POST /call/{}/discard              calls.discard              -   yes     yes       -       -
GET /decisions/{}                  decision.page              -   yes     yes       yes     -
GET /decisions/{}/summary          decision.summary           -   yes     yes       yes     -
GET /decisions/{}/letter           decision.letter            -   yes     yes       yes     -
GET /decisions/{}/letter.pdf       decision.letter_as_pdf     -   yes     yes       yes     -
GET /decisions/{}/override         decision.override_form     -   -       yes       -       -
POST /decisions/{}/override        decision.override          -   -       yes       -       -
POST /decisions/{}/override/{}/confirm decision.confirm       -   -       yes       -       -
POST /decisions/{}/override/{}/withdraw decision.withdraw     -   -       yes       -       -
GET /audit                         audit.desk                 -   -       yes       yes     yes
GET /audit/decisions               audit.decisions            -   -       yes       yes     -
POST /audit/decisions              audit.person               -   -       yes       yes     -
POST /audit/decisions/export       audit.export               -   -       -         yes     -
GET /audit/figures                 audit.figures              -   -       yes       yes     -
POST /audit/figures                audit.begin_figures        -   -       yes       yes     -
GET /audit/figures/{}.csv          audit.sheet                -   -       yes       yes     -
GET /audit/log                     audit.log                  -   -       yes       yes     yes
GET /audit/log/head.txt            audit.head                 -   -       yes       yes     yes
GET /audit/log/key.txt             audit.key                  -   -       yes       yes     yes
POST /audit/log/verify             audit.verify               -   -       yes       yes     yes
GET /audit/log/entries/{}          audit.entries              -   -       yes       yes     yes
GET /audit/compare                 audit.comparison           -   -       yes       yes     -
POST /audit/compare                audit.begin_comparison     -   -       yes       yes     -
GET /audit/replay                  audit.replay               -   -       yes       yes     -
POST /audit/replay                 audit.begin_replay         -   -       yes       yes     -
GET /audit/jobs/{}                 audit.job                  -   -       yes       yes     yes
GET /audit/jobs/{}/changed.csv     audit.changed              -   -       yes       yes     -
GET /rules/sign                    rulebook.sign              -   -       yes       -       -
POST /rules/sign                   rulebook.record            -   -       yes       -       -
GET /signed-in                     sign_in.page               yes yes     yes       yes     yes
POST /sign-out                     sign_in.out                yes yes     yes       yes     yes
"""

OPEN_PAGES = frozenset({"home", "rulebook", "sign_in"})
"""The blueprints of pages for people some of which are open to all: their errors are pages too."""

SEE_VIEWS = frozenset({Role.CLINICIAN, Role.AUDITOR, Role.DEVELOPER})
"""The roles to which the history of a decision tells who looked at it."""

SEE_CHANGES = frozenset({Role.CLINICIAN, Role.AUDITOR, Role.DEVELOPER})
"""The roles to which an explanation tells what would alter the route; others might coach."""

COLUMNS = {
    "gp": Role.GP_SYSTEM,
    "handler": Role.CALL_HANDLER,
    "clinician": Role.CLINICIAN,
    "auditor": Role.AUDITOR,
    "operator": Role.OPERATOR,
}


class By(Enum):
    """By what the caller of a call is known."""

    NOTHING = OPEN_TO_ALL
    TOKEN = CALLS
    SESSION = PAGES
    CDS = CDS_CALLS


class Cell(Enum):
    """What one role may do with one call."""

    YES = "yes"
    OWN = "own"
    NO = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One call. ``path`` has ``{}`` where something is filled in; ``cells`` are by role."""

    method: str
    path: str
    endpoint: str
    by: By
    cells: Mapping[Role, Cell]

    def is_open(self, method: str) -> bool:
        """Does this call ask for nobody, by a method?"""
        return self.by is By.NOTHING or (self.by is By.CDS and method == "OPTIONS")

    def cell(self, role: Role) -> Cell:
        """What a role may do with this call."""
        return Cell.YES if role is Role.DEVELOPER else self.cells.get(role, Cell.NO)

    def roles(self) -> list[str]:
        """The roles that tokens give and this call is open to."""
        return [role.value for role in self.cells if self.cells[role] is not Cell.NO]


Table = Mapping[str, Row]
"""Rows by endpoint."""


def read_table(by: By, text: str) -> Table:
    """The rows of a table as it is written."""
    (_, _, *columns), *lines = (line.split() for line in text.strip().splitlines())
    roles = [COLUMNS[column] for column in columns]
    return {
        endpoint: Row(method, path, endpoint, by, dict(zip(roles, map(Cell, cells), strict=True)))
        for method, path, endpoint, *cells in lines
    }


TABLE: Table = {endpoint: row for by in By for endpoint, row in read_table(by, by.value).items()}


def check_table(endpoints: Iterable[str], table: Table) -> None:
    """Refuse an app with a call that the table does not know: nothing is open by accident."""
    unknown = sorted(set(endpoints) - set(table))
    if unknown:
        raise LookupError(f"who may call {', '.join(unknown)}? Say so in triage/access/roles.py")
