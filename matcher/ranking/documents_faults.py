"""Why a document cannot be read, in words that say what to do, and the sizes beyond which reading stops."""

from collections.abc import Mapping
from types import MappingProxyType

MAX_BYTES = 10 * 1024 * 1024
MAX_PAGES = 60
MAX_LETTERS = 200_000
MAX_UNPACKED = 24 * 1024 * 1024  # bytes that a packed part may grow to


def N_(text: str) -> str:  # noqa: N802 (the name gettext tools look for; ranking imports nothing of the kit)
    """Return `text` unchanged; the pages translate it."""
    return text


REASONS: Mapping[str, str] = MappingProxyType({
    "empty": N_("There is nothing in it. Choose another file, or paste the text."),
    "too_large": N_("The file is too large. Save a smaller one, without pictures, or paste the text."),
    "too_many_pages": N_("It has too many pages. Send only the pages that matter, or paste the text."),
    "too_much_text": N_("It has too much text. Send only the pages that matter."),
    "too_deep": N_("It is packed or nested in a way that could harm this site, so it was not opened. "
                   "Save it anew as PDF, or paste the text."),
    "encrypted": N_("It is locked with a password. Save a copy without a password, or paste the text."),
    "no_text": N_("It holds pictures of pages, not text, so there is nothing to read. Paste the text in its place."),
    "broken": N_("It is damaged or not complete. Save it anew, or paste the text."),
    "mislabelled": N_("Its name says one kind of file, inside is another. Save it anew as PDF, Word (DOCX) or text."),
    "other_kind": N_("This kind of file can’t be read. Save it as PDF, Word (DOCX) or text, or paste the text."),
    "old_word": N_("This is an old Word file. Save it as DOCX or PDF, or paste the text."),
    "entities": N_("It points to something outside itself, so it was not opened. Save it as PDF, or paste the text."),
    "not_text": N_("These are not letters that can be read. Save it as plain text (UTF-8), PDF or Word (DOCX)."),
    "not_resume": N_("This is not a résumé in the JSON Resume format. Send PDF, Word (DOCX) or text."),
    "too_slow": N_("It took too long to read. Save it anew as PDF, or paste the text."),
    "gone": N_("The file could not be read this time. Please send it once more."),
})


class Unreadable(Exception):
    """A document that is not read: `code` is a key of REASONS, `words` says it to a person."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.words = REASONS[code]
        super().__init__(self.words)
