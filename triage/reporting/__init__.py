"""The figures of the audit desk: referrals counted, small numbers kept back, as tables."""

from triage.reporting.figures import Figures, figures_of
from triage.reporting.period import Period
from triage.reporting.sheets import Drawn, Sheet, csv_of
from triage.reporting.suppression import Withheld
from triage.reporting.tables import sheets_of

__all__ = ["Drawn", "Figures", "Period", "Sheet", "Withheld", "csv_of", "figures_of", "sheets_of"]
