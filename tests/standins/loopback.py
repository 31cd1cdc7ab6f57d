"""What tests allow: their ingests are on this machine."""

from streaming.network.egress import Egress
from streaming.settings import TargetsSettings

ALLOWED = TargetsSettings(allow=["127.0.0.0/8"])
LOOPBACK: Egress = ALLOWED.egress
