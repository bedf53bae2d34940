"""A field for an amount in dollars as people write it: `22`, `22.50`, `$45,000`; its data is whole cents."""

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField

from web.kit.forms import clean

_AMOUNT = re.compile(r"\$?\s*(\d{1,3}(?:[, ]\d{3})+|\d{1,9})(?:[.](\d{1,2}))?")


class MoneyField(StringField):
    """Dollars in words or figures; `.data` is cents, or None when left empty."""

    data: int | None  # type: ignore[assignment]  # the stubs know text only

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount; ValueError with plain words when it is none."""
        text = clean(valuelist[0]) if valuelist else ""
        self._typed: str | None = text or ""
        self.data = None
        if not text:
            return
        found = _AMOUNT.fullmatch(text)
        if found is None:
            raise ValueError(_("Write an amount in dollars, such as 22.50 or 45,000."))
        self.data = int(re.sub(r"\D", "", found.group(1))) * 100 + int((found.group(2) or "0").ljust(2, "0"))

    def _value(self) -> str:
        typed: Any = getattr(self, "_typed", None)
        if typed is not None:
            return str(typed)
        if self.data is None:
            return ""
        return f"{self.data / 100:,.2f}" if self.data % 100 else f"{self.data // 100:,}"
