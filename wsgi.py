"""The service for a WSGI server of the operator's own: ``gunicorn wsgi:app``."""

from triage import logs
from triage.app import create_app
from triage.config import Settings

logs.start()
app = create_app(Settings.from_environment())
