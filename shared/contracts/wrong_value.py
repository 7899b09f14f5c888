"""A value that a validator does not take, with its sentence in both languages.

    raise WrongValue("the serial of a NIK is never 0000", id="Nomor urut NIK tidak mungkin 0000.")

`shared.http.malformed` shows both sentences beside the field.
"""


class WrongValue(ValueError):
    """A value is not taken; the sentences say which values are."""

    def __init__(self, en: str, *, id: str) -> None:
        super().__init__(en)
        self.id = id
