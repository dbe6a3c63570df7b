"""What messages are called in BaRS, and the code systems that only what we write needs.

Sources: the BaRS specification and its examples (``NHSDigital/booking-and-referral-fhir-api``,
``NHSDigital/NHSDigital-FHIR-BookingAndReferrals``); HL7 terminology; UK Core.
"""

from __future__ import annotations

from triage.fhir import systems
from triage.fhir.message_definition import REQUEST as REQUEST_ID
from triage.fhir.message_definition import RESPONSE as RESPONSE_ID
from triage.fhir.message_definition import definition_url
from triage.fhir.writing.elements import coding

REQUEST_CATEGORIES = "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest"
CONSENT_CATEGORIES = "https://fhir.nhs.uk/CodeSystem/consent-categories-bars"
ETHNIC_CATEGORIES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory"
CONSENT_SCOPES = "http://terminology.hl7.org/CodeSystem/consentscope"
ACT_CODES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
TASK_CODES = "http://hl7.org/fhir/CodeSystem/task-code"
PARTICIPANTS = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"

REQUEST_DEFINITION = definition_url(REQUEST_ID)
RESPONSE_DEFINITION = definition_url(RESPONSE_ID)

REQUEST = coding(systems.MESSAGE_EVENTS, "servicerequest-request")
RESPONSE = coding(systems.MESSAGE_EVENTS, "servicerequest-response")

REFERRAL = coding(REQUEST_CATEGORIES, "referral", "Transfer of Care")
FULFIL = coding(TASK_CODES, "fulfill", "Fulfill the focal request")
