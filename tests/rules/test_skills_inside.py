"""A phrase that names no skill as a whole is searched for the names and deeds inside it."""

from __future__ import annotations

import pytest

from matcher.skills.inside import inside
from matcher.skills.matching import Names, Surface

NAMES = Names([
    Surface("onet:service", "Customer and Personal Service", "customer service", False, 9),
    Surface("tech:windows", "Microsoft Windows", "Windows", False, 9),
    Surface("tech:motion", "Motion", "Motion", True, 1),
    Surface("tech:excel", "Microsoft Excel", "Excel", False, 9),
    Surface("tech:servicenow", "ServiceNow", "ServiceNow", True, 5),
    Surface("own:tcp-ip", "TCP/IP", "TCP/IP", True, 5),
    Surface("own:printer-support", "Printer and scanner support", "printers", False, 5),
    Surface("own:spanish", "Spanish", "Spanish", True, 5),
    Surface("own:english", "English", "English", True, 5),
    Surface("own:safety-procedures", "Workplace safety", "safety", False, 5),
    Surface("own:cash-handling", "Cash handling", "Cash handling", True, 5),
])
OF_THE_HUB = Names([Surface("own:lefse", "Baking lefse", "lefse", False, 1)])


@pytest.mark.parametrize(("phrase", "found"), [
    ("customer service and clear writing", [("customer service", "onet:service")]),
    ("Install Windows 11 laptops and printers", [("Windows", "tech:windows"), ("printers", "own:printer-support")]),
    ("bilingual English/Spanish", [("English", "own:english"), ("Spanish", "own:spanish")]),
    ("TCP/IP networking", [("TCP/IP", "own:tcp-ip")]),
    ("close tickets in ServiceNow", [("ServiceNow", "tech:servicenow")]),
    ("strong Excel skills", [("Excel", "tech:excel")]),
    ("bake lefse (for the whole town)", [("lefse", "own:lefse")]),
    ("reconciled the cash", [("reconciled the cash", "own:cash-handling")]),
    ("wash the windows", []),
    ("keep motion graphics in order", []),
    ("Windows Washed And Closed", []),
    ("care about safety", []),
    ("answered calls", []),
    ("", []),
])
def test_names_and_deeds_inside(phrase: str, found: list[tuple[str, str]]) -> None:
    assert [(hit.matched, hit.id) for hit in inside((OF_THE_HUB, NAMES), phrase)] == found
