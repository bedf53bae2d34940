"""The text of a PDF: its pages in order, within limits, without running or unpacking anything it carries."""

import io
import logging
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError, PyPdfError

from matcher.ranking.documents_faults import MAX_LETTERS, MAX_PAGES, MAX_UNPACKED, Unreadable

# What it grumbles about a file in hand concerns the sender, and would carry words of the file into a log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": MAX_UNPACKED, "array_based_stream_maximum_output_length": MAX_UNPACKED,
    "lzw_maximum_output_length": MAX_UNPACKED, "run_length_maximum_output_length": MAX_UNPACKED,
    "zlib_maximum_output_length": MAX_UNPACKED, "brotli_maximum_output_length": MAX_UNPACKED,
    "zlib_maximum_recovery_input_length": 1_000_000, "stream_decoding_work_maximum_length": 2 * MAX_UNPACKED,
    "stream_parsing_work_maximum_count": 1_000_000, "stream_filters_maximum_length": 4,
    "page_tree_maximum_entries": 20 * MAX_PAGES, "page_tree_maximum_depth": 40,
    "xform_maximum_invocations_per_extraction": 500, "jbig2dec_binary": None,  # no other program is ever started
}


def text_of(data: bytes) -> tuple[str, int]:
    """(text, number of pages); raises Unreadable: encrypted, broken, too_many_pages, too_much_text, too_deep."""
    try:
        with apply_configuration(**_LIMITS):
            return _read(data)
    except (Unreadable, MemoryError):
        raise
    except (LimitReachedError, RecursionError):
        raise Unreadable("too_deep") from None
    except PyPdfError:
        raise Unreadable("broken") from None
    except Exception:  # a torn file can fail in any way; which way tells its sender nothing
        raise Unreadable("broken") from None


def _read(data: bytes) -> tuple[str, int]:
    reader = PdfReader(io.BytesIO(data), root_object_recovery_limit=2_000, xref_stream_maximum_entries=200_000)
    if reader.is_encrypted and not reader.decrypt(""):  # many are locked against changes only, with an empty password
        raise Unreadable("encrypted")
    tree: Any = reader.root_object["/Pages"]
    declared = tree.get("/Count", 0)
    if isinstance(declared, int) and declared > MAX_PAGES:
        raise Unreadable("too_many_pages")
    pages = list(reader.pages)
    if len(pages) > MAX_PAGES:
        raise Unreadable("too_many_pages")
    texts: list[str] = []
    room = MAX_LETTERS
    for page in pages:
        texts.append(page.extract_text() or "")
        room -= len(texts[-1])
        if room < 0:
            raise Unreadable("too_much_text")
    return "\n\n".join(texts), len(pages)
