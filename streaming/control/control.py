"""What commands call: people's wishes, written to the database for an engine to fulfil."""

from streaming.control.desk import Suggestion
from streaming.control.incidents import IncidentControl
from streaming.control.ingests import TargetControl
from streaming.control.on_air import StreamControl, Wish
from streaming.control.panels import PanelControl
from streaming.control.streams import Actor, StartRequest

__all__ = ["Actor", "Control", "StartRequest", "Suggestion", "Wish"]


class Control(StreamControl, TargetControl, PanelControl, IncidentControl):
    """Everything that may be asked; each question stays within one guild."""
