"""The log on the wire, described for callers. The bytes are in ``docs/log-format.md``."""

from __future__ import annotations

from schemas.documented import Answered, one, text, texts, whole


class HeadSchema(Answered):
    """A signed head: the log had so many entries, and their tree had this root."""

    log = text("What the log is called.")
    size = whole("How many entries it had.")
    root = text("The root of their tree, SHA-256 in hexadecimal.")
    at = text("When it was signed, RFC 3339 in UTC.")
    key_id = text("Which key signed, in hexadecimal.")
    signature = text("Ed25519, in base64.")
    checkpoint = text("The same as a C2SP checkpoint: what is signed, and the signature.")


class KeySchema(Answered):
    """The public key of the log."""

    log = text("What the log is called.")
    vkey = text("The key as C2SP signed notes publish it.")


class ProofSchema(Answered):
    """That an entry is in the log."""

    sequence = whole("Its number, counted from 1.")
    leaf_hash = text("The hash of the entry, in hexadecimal.")
    path = texts("The hashes from there to the root, in hexadecimal (RFC 9162, 2.1.3).")
    head = one(HeadSchema)


class EntryProofSchema(ProofSchema):
    """The same, with the entry itself."""

    leaf = text("The entry: canonical JSON, whose bytes in UTF-8 are hashed.")


ConsistencySchema = Answered.from_dict(
    {
        "from": whole("The smaller size."),
        "to": whole("The larger size."),
        "path": texts("The hashes that show it, in hexadecimal (RFC 9162, 2.1.4)."),
    },
    name="ConsistencySchema",
)
"""That a log begins with what it was before."""
