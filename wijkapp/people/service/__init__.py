"""What people and organisations can do. Other rooms use the names below."""

from wijkapp.people.service.sign_in import (
    LinkIsUsed,
)

__all__ = ["LinkIsUsed"]
