"""The engine by the name Django looks for: its own, with the server started when somebody really connects."""

from typing import Any

from django.db.backends.postgresql import base

from ceping.postgres.server import Server


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the server named by `EMBEDDED` of the database's settings."""

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's; the server is running afterwards, so `check`, `collectstatic` and `--help` start nothing."""
        server: Server = self.settings_dict["EMBEDDED"]
        # Django asks at the beginning of every request, the pool's connections notwithstanding.
        where = server.place.parameters() if server.is_kept() else server.use()
        self.settings_dict["HOST"], self.settings_dict["PORT"] = where["host"], where["port"]
        return super().get_connection_params()
