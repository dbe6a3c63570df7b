"""Tampering with what stands beside the entries: indexes, identities, rulebooks, keys."""

from __future__ import annotations

from tests.store.hands import Expected, Hand, Hands


def a_rule_that_did_not_fire(hand: Hand) -> Expected:
    """A decision is found by a rule that did not fire in it."""
    at = hand.entry("decision")
    known = "SELECT rule FROM fired WHERE sequence = :at"
    rule = hand.any_of(f"SELECT id FROM rule_names WHERE id NOT IN ({known})", at=at)  # noqa: S608
    hand.do("INSERT INTO fired (rule, sequence) VALUES (:rule, :at)", rule=rule, at=at)
    return Expected(at, at, "the rules that fired")


def a_rule_that_is_hidden(hand: Hand) -> Expected:
    """A decision is no longer found by a rule that fired in it."""
    at = hand.entry("decision")
    rule = hand.any_of("SELECT rule FROM fired WHERE sequence = :at", at=at)
    hand.do("DELETE FROM fired WHERE rule = :rule AND sequence = :at", rule=rule, at=at)
    return Expected(at, at, "the rules that fired")


def a_renamed_rule(hand: Hand) -> Expected:
    """A rule goes by another name, and all its decisions with it."""
    rule = hand.any_of("SELECT DISTINCT rule FROM fired")
    first = "SELECT min(sequence) FROM fired WHERE rule = :rule"
    at = hand.do(first, rule=rule).scalar_one()
    hand.do("UPDATE rule_names SET name = 'another' WHERE id = :rule", rule=rule)
    return Expected(at, at, "the rules that fired")


def a_rule_without_a_name(hand: Hand) -> Expected:
    """A rule that fired has no name any more."""
    rule = hand.any_of("SELECT DISTINCT rule FROM fired")
    first = "SELECT min(sequence) FROM fired WHERE rule = :rule"
    at = hand.do(first, rule=rule).scalar_one()
    hand.do("DELETE FROM rule_names WHERE id = :rule", rule=rule)
    return Expected(at, at)


def an_edited_identity(hand: Hand) -> Expected:
    """What names the person is another than was committed to."""
    at = hand.any_of("SELECT sequence FROM identities ORDER BY sequence")
    column = hand.random.choice(("content", "salt"))
    change = f"UPDATE identities SET {column} = :value WHERE sequence = :at"  # noqa: S608
    hand.do(change, value=b'{"patient":null}', at=at)
    return Expected(at, at, "not what it commits to")


def an_identity_under_another_person(hand: Hand) -> Expected:
    """What names a person is found by another one's NHS number, or by no other detail."""
    at = hand.any_of("SELECT sequence FROM identities ORDER BY sequence")
    column, value = hand.random.choice(
        (("person", b"p" * 32), ("ethnic_category", "Z"), ("gender", "9"))
    )
    change = f"UPDATE identities SET {column} = :value WHERE sequence = :at"  # noqa: S608
    hand.do(change, value=value, at=at)
    about = "SELECT coalesce(min(d.sequence), :at) FROM entries e JOIN entries d ON d.id = e.about"
    decided = f"{about} JOIN identities i ON i.sequence = d.sequence WHERE e.sequence = :at"
    comment = column == "person" and hand.content(at)["kind"] != "decision"
    if comment and hand.do(f"{decided} AND d.kind = 'decision'", at=at).scalar_one() == at:
        return an_identity_under_another_person(hand)  # nobody knows whose comment it is
    return Expected(at, at, "not found by what names the person")


def an_identity_taken_out(hand: Hand) -> Expected:
    """What names a person is gone, without an entry that says so."""
    at = hand.any_of("SELECT sequence FROM identities ORDER BY sequence")
    hand.do("DELETE FROM identities WHERE sequence = :at", at=at)
    return Expected(at, at, "is gone, and was never erased")


def an_identity_made_up(hand: Hand) -> Expected:
    """Where a person was erased, or never was one, another stands."""
    held = "SELECT sequence FROM identities"
    at = hand.any_of(f"SELECT sequence FROM entries WHERE sequence NOT IN ({held})")  # noqa: S608
    columns = "(sequence, salt, content) VALUES (:at, :salt, :content)"
    hand.do(f"INSERT INTO identities {columns}", at=at, salt=bytes(32), content=b"{}")
    return Expected(at, at, "not what it commits to")


def another_key(hand: Hand) -> Expected:
    """The published key was put in another's place."""
    old = hand.do("SELECT vkey FROM signing_keys").scalar_one()
    name, key_id, key = old.split("+", 2)
    other = hand.random.choice(
        (f"another+{key_id}+{key}", f"{name}+{key_id}+AAAA{key[4:]}", f"{name}+00000000+{key}", "")
    )
    hand.do("UPDATE signing_keys SET vkey = :other", other=other)
    return Expected(0, 0, "key")


def an_edited_rulebook(hand: Hand) -> Expected:
    """What is kept of a rulebook is not what decided."""
    content = hand.do("SELECT content FROM rulebooks").scalar_one()
    digest = hand.do("SELECT digest FROM rulebooks").scalar_one()
    column, value = hand.random.choice(
        (
            ("content", content.replace("Emergency now", "No emergency")),
            ("content", content[:-1]),
            ("content", "{}"),
            ("id", "another"),
            ("version", "another"),
        )
    )
    change = f"UPDATE rulebooks SET {column} = :value WHERE digest = :digest"  # noqa: S608
    hand.do(change, value=value, digest=digest)
    first = "SELECT min(sequence) FROM entries WHERE rulebook = :digest"
    at = hand.do(first, digest=digest).scalar_one()
    return Expected(at, at, "rulebook")


def a_rulebook_taken_out(hand: Hand) -> Expected:
    """A rulebook that decided is gone."""
    hand.do("DELETE FROM rulebooks")
    at = hand.do("SELECT min(sequence) FROM entries WHERE rulebook IS NOT NULL").scalar_one()
    return Expected(at, at, "is not kept")


def a_rulebook_made_up(hand: Hand) -> Expected:
    """A rulebook stands there that is none, and that never decided."""
    hand.do("INSERT INTO rulebooks VALUES ('sha256:0', 'doncaster', '2026.9', '{}', 'now')")
    return Expected(0, 0, "no rulebook")


def a_request_answered_by_another_entry(hand: Hand) -> Expected:
    """Whoever sends a request again gets another one's decision."""
    one, other = hand.random.sample(
        sorted(hand.do("SELECT sequence FROM idempotency").scalars()), 2
    )
    change = "UPDATE idempotency SET sequence = :other WHERE sequence = :one"
    hand.do(change, one=one, other=other)
    return Expected(other, other, "two requests")


def a_request_that_asked_for_no_decision(hand: Hand) -> Expected:
    """An update of somebody's request finds something else than a decision."""
    at = hand.entry("view")
    hand.do("INSERT INTO message_requests (key, sequence) VALUES (:key, :at)", key=b"k", at=at)
    return Expected(at, at, "is no decision")


def a_delivery_that_does_not_fit(hand: Hand) -> Expected:
    """Somebody is to be told of a view, or by no channel there is, or sooner than it is urgent."""
    at = hand.any_of("SELECT sequence FROM outbox ORDER BY sequence")
    view = hand.entry("view")
    change, first = hand.random.choice(
        (
            ("sequence = :view", view),
            ("channel = 'pigeon'", at),
            ("state = 'forgotten'", at),
            ("urgency = 'whenever'", at),
            ("urgency = NULL", at),
        )
    )
    statement = f"UPDATE outbox SET {change} WHERE sequence = :at"  # noqa: S608
    hand.do(statement, at=at, **({"view": view} if ":view" in change else {}))
    return Expected(first, first, "in a way in which nobody is")


def something_that_points_nowhere(hand: Hand) -> Expected:
    """An index points to an entry that is not there."""
    beyond = hand.log.size + 7
    statement = hand.random.choice(
        (
            "INSERT INTO identities (sequence, salt, content) VALUES (:at, :at, :at)",
            "INSERT INTO fired SELECT min(id), :at FROM rule_names",
            "INSERT INTO overridden VALUES (:at)",
            "INSERT INTO spans VALUES (:at, 'a', 'b')",
            "UPDATE idempotency SET sequence = :at WHERE key = (SELECT min(key) FROM idempotency)",
            "INSERT INTO message_requests (key, sequence) VALUES (:key, :at)",
            "UPDATE outbox SET sequence = :at WHERE id = (SELECT min(id) FROM outbox)",
        )
    )
    hand.do(statement, at=beyond, **({"key": b"k"} if ":key" in statement else {}))
    return Expected(0, 0, f"points to entry {beyond}")


def an_override_hidden(hand: Hand) -> Expected:
    """A decision is no longer found as overridden."""
    at = hand.any_of("SELECT sequence FROM overridden ORDER BY sequence")
    hand.do("DELETE FROM overridden WHERE sequence = :at", at=at)
    return Expected(at, at, "overridden")


def an_override_made_up(hand: Hand) -> Expected:
    """A decision is found as overridden, and nobody overrode it."""
    kept = "SELECT sequence FROM overridden"
    at = hand.any_of(f"SELECT sequence FROM entries WHERE sequence NOT IN ({kept})")  # noqa: S608
    hand.do("INSERT INTO overridden VALUES (:at)", at=at)
    return Expected(at, at, "overridden")


HANDS: Hands = (
    a_rule_that_did_not_fire,
    a_rule_that_is_hidden,
    a_renamed_rule,
    a_rule_without_a_name,
    an_edited_identity,
    an_identity_under_another_person,
    an_identity_taken_out,
    an_identity_made_up,
    another_key,
    an_edited_rulebook,
    a_rulebook_taken_out,
    a_rulebook_made_up,
    a_request_answered_by_another_entry,
    a_request_that_asked_for_no_decision,
    a_delivery_that_does_not_fit,
    something_that_points_nowhere,
    an_override_hidden,
    an_override_made_up,
)
