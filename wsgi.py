"""The service for a WSGI server of the operator's own: ``gunicorn wsgi:app``."""

from triage import logs
from triage.access import prepare_access
from triage.app import create_app
from triage.config import Settings

logs.start()
settings = Settings.from_environment()
prepare_access(settings)
app = create_app(settings)
