"""The form that adds a passkey; the package names its one field in English only."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """Add a passkey or security key, with a name to tell it by."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _in_words(self)


class RenamePasskey(EditWebAuthnForm):  # type: ignore[misc]
    """Give a passkey another name."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _in_words(self)


def _in_words(form: AddWebAuthnForm | EditWebAuthnForm) -> None:
    form.fields["name"].label = "名称"
    form.fields["name"].help_text = "自己认得出就行，例如：办公室电脑"
