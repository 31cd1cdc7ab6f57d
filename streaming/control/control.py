"""What commands call: people's wishes, written to the database for an engine to fulfil."""

from streaming.control.desk import Suggestion
from streaming.control.engines import EngineControl
from streaming.control.guilds import GuildControl
from streaming.control.incidents import IncidentControl
from streaming.control.ingests import TargetControl
from streaming.control.membership import MembershipControl
from streaming.control.on_air import StreamControl, Wish
from streaming.control.panels import PanelControl
from streaming.control.pictures import PictureControl
from streaming.control.playlists import PlaylistControl
from streaming.control.queue import QueueControl
from streaming.control.streams import Actor, StartRequest
from streaming.control.target_tests import TargetTestControl
from streaming.control.upkeep import UpkeepControl

__all__ = ["Actor", "Control", "StartRequest", "Suggestion", "Wish"]


class Control(
    StreamControl,
    QueueControl,
    UpkeepControl,
    TargetControl,
    TargetTestControl,
    PlaylistControl,
    PictureControl,
    PanelControl,
    IncidentControl,
    GuildControl,
    MembershipControl,
    EngineControl,
):
    """Everything that may be asked; each question stays within one guild."""
