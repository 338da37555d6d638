"""Which connection a table is reached by: what the cache counts must outlive a request that is rolled back."""

from typing import Any

_CACHE = "django_cache"


class CacheRouter:
    """Sends the cache's table to the alias `cache`, which is the same database."""

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:  # noqa: ANN401 -- Django's own open signature
        """The alias to read by."""
        return "cache" if model._meta.app_label == _CACHE else None  # noqa: SLF001 -- Django's documented door

    def db_for_write(self, model: Any, **_hints: Any) -> str | None:  # noqa: ANN401 -- as above
        """The alias to write by."""
        return self.db_for_read(model)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:  # noqa: ANN401 -- as above
        """Everything is migrated once, by the main alias."""
        return db == "default" if app_label != _CACHE else True
