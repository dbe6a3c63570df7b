"""The command line: `triage VERB`. Each verb is a small module, imported when it is asked for."""

from __future__ import annotations

import click

from triage.cli.lazy import Verbs

VERBS = {
    "serve": "triage.cli.serve:serve",
    "decide": "triage.cli.decide:decide",
    "rules": "triage.cli.rules:rules",
    "replay": "triage.cli.replay:replay",
    "log": "triage.cli.log:log",
    "person": "triage.cli.person:person",
    "outbox": "triage.cli.outbox:outbox",
    "db": "triage.cli.db:db",
    "token": "triage.cli.token:token",
}

EPILOG = """\b
Examples:
  triage serve
  triage decide referrals.ndjson > decisions.ndjson
  triage decide --pretty referral.json
  triage rules check
  triage log verify

\b
Exit codes: 0 done; 1 done, but something failed (a referral, the check of
the rules, the proof of the log); 2 asked for wrongly, or nothing could be
done.
"""


@click.group(
    cls=Verbs,
    verbs=VERBS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="referral-triage", prog_name="triage")
def main() -> None:
    """Referral triage and routing for NHS mental-health care, with its full reasoning.

    It advises; a clinician decides.
    """
