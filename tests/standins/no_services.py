"""Services of which none may be called, for a command tree that is only described."""

from dataclasses import fields
from typing import Any

from streaming.services.services import Services

_NONE: dict[str, Any] = dict.fromkeys(field.name for field in fields(Services))
NO_SERVICES = Services(**_NONE)
