"""GP systems come in here by FHIR R4, in the shape of the Booking and Referral Standard."""
