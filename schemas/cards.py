"""Services and cards of CDS Hooks as they are answered: described, and checked in tests."""

from __future__ import annotations

from marshmallow import fields, validate

from schemas.cds_hooks import HOOKS
from schemas.documented import Answered, anything, many, one, text

INDICATORS = ("info", "warning", "critical")
"""How much a card matters, the least first."""

LONGEST_SUMMARY = 139
"""The most characters of a summary."""


class HookServiceSchema(Answered):
    """A service that gives cards."""

    hook = text("When it is to be called.", of=HOOKS)
    id = text("The end of its address.")
    title = text()
    description = text()
    prefetch = anything("Queries by key: what to send along. The tokens are those of the standard.")
    usageRequirements = text()  # noqa: N815 (the standard's own name)


class HookServicesSchema(Answered):
    """The services that there are."""

    services = many(HookServiceSchema)


class CardCodingSchema(Answered):
    """A code of a system."""

    system = text()
    code = text()
    display = text()


class CardSourceSchema(Answered):
    """Where the guidance of a card comes from."""

    label = text()
    url = text()
    topic = fields.Nested(
        CardCodingSchema, metadata={"description": "The route that the card is about, if any."}
    )


class CardLinkSchema(Answered):
    """A page to read."""

    label = text()
    url = text()
    type = text(of=("absolute",))


class CardActionSchema(Answered):
    """What a suggestion does."""

    type = text(of=("update",))
    description = text()
    resource = anything("The order as it would be: with another performer and priority.")


class SuggestionSchema(Answered):
    """A change to an order that can be taken over."""

    label = text()
    uuid = text()
    isRecommended = fields.Boolean(required=True)  # noqa: N815 (the standard's own name)
    actions = many(CardActionSchema)


class CardSchema(Answered):
    """A card. What it does not have is not there: nothing is null or empty."""

    uuid = text("The same call that says the same has the same.")
    summary = fields.String(required=True, validate=validate.Length(1, LONGEST_SUMMARY))
    detail = text("Markdown of GitHub (GFM).")
    indicator = text(of=INDICATORS)
    source = one(CardSourceSchema)
    suggestions = fields.List(fields.Nested(SuggestionSchema))
    selectionBehavior = fields.String(  # noqa: N815 (the standard's own name)
        validate=validate.OneOf(["at-most-one"])
    )
    overrideReasons = many(  # noqa: N815 (the standard's own name)
        CardCodingSchema, "Why somebody may decide otherwise."
    )
    links = many(CardLinkSchema)


class CardsSchema(Answered):
    """The cards to show; none where there is nothing to say."""

    cards = many(CardSchema)
