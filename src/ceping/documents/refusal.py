"""What a task says when it will not read on with a file; apart, because the child loads it before anything else."""


class Refused(Exception):
    """The file is not read on: a finding's code and the values of its text. A task may raise it too."""

    def __init__(self, code: str, values: dict[str, str] | None = None, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.values = values or {}
        self.detail = detail
