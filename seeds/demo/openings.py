"""The roles that the demo's employers open: requirements as (skill, level, must, weight)."""

from typing import NamedTuple

Need = tuple[str, int, bool, int]


class Opening(NamedTuple):
    """A kind of role; pay in cents by hour (under 100,000) or year."""

    title: str
    occupation: str
    low: int
    high: int
    workplace: str
    schedules: tuple[str, ...]
    leads_to: str
    leads_code: str
    needs: tuple[Need, ...]
    families: str
    kind: str = "full_time"


OPENINGS = (
    Opening("IT support technician", "15-1232.00", 2200, 2600, "onsite", ("days",), "systems administrator",
            "15-1244.00",
            (("own:help-desk-support", 2, True, 3), ("tech:microsoft-windows", 3, True, 2),
             ("own:networking-fundamentals", 3, True, 2), ("onet:2.C.1.e", 3, True, 2),
             ("tech:active-directory", 2, False, 1), ("own:spanish", 1, False, 1)), "support"),
    Opening("Service desk analyst", "15-1232.00", 2050, 2450, "hybrid", ("days", "evenings"), "desktop engineer",
            "15-1244.00",
            (("own:help-desk-support", 3, True, 3), ("own:ticket-handling", 3, True, 2),
             ("own:phone-support", 2, True, 1), ("tech:servicenow", 1, False, 1),
             ("tech:microsoft-windows", 2, True, 2)), "support"),
    Opening("School technology assistant", "15-1232.00", 1950, 2250, "onsite", ("days",), "network technician",
            "15-1231.00",
            (("own:hardware-repair", 2, True, 2), ("own:user-training", 2, True, 2), ("own:imaging", 1, False, 1),
             ("tech:google-workspace", 2, True, 1), ("own:help-desk-support", 2, True, 2)), "support"),
    Opening("Junior data analyst", "15-2051.01", 5_400_000, 6_100_000, "hybrid", ("days",), "data analyst",
            "15-2051.00",
            (("tech:sql", 2, True, 3), ("tech:microsoft-excel", 3, True, 2), ("own:data-visualization", 2, True, 1),
             ("own:statistics", 1, False, 1), ("tech:tableau", 2, False, 1)), "data"),
    Opening("Reporting assistant", "15-2051.01", 2100, 2500, "hybrid", ("days",), "data analyst", "15-2051.01",
            (("tech:microsoft-excel", 3, True, 3), ("own:data-cleaning", 2, True, 2), ("own:dashboards", 1, False, 1),
             ("own:data-entry", 3, True, 1), ("tech:sql", 1, False, 1)), "data"),
    Opening("Web developer, apprentice", "15-1254.00", 2100, 2400, "hybrid", ("days",), "web developer", "15-1254.00",
            (("tech:javascript", 2, True, 3), ("tech:html", 3, True, 2), ("tech:css", 2, True, 2),
             ("tech:git", 2, True, 1), ("own:web-accessibility", 1, False, 1)), "software", "apprenticeship"),
    Opening("Junior software developer", "15-1252.00", 5_800_000, 6_800_000, "hybrid", ("days", "flexible"),
            "software developer", "15-1252.00",
            (("tech:python", 3, True, 3), ("tech:sql", 2, True, 2), ("tech:git", 2, True, 1),
             ("own:unit-testing", 2, False, 2), ("own:debugging", 2, True, 1)), "software"),
    Opening("Front-end developer", "15-1254.00", 5_200_000, 6_000_000, "remote", ("flexible",), "web developer",
            "15-1254.00",
            (("tech:react", 2, True, 3), ("tech:javascript", 3, True, 3), ("tech:css", 3, True, 2),
             ("tech:git", 2, True, 1), ("own:responsive-design", 2, False, 1)), "software"),
    Opening("Security operations analyst, first level", "15-1212.00", 2500, 2950, "onsite", ("rotating", "nights"),
            "security engineer", "15-1299.05",
            (("own:security-monitoring", 2, True, 3), ("own:log-analysis", 2, True, 2), ("tech:splunk", 1, False, 2),
             ("own:networking-fundamentals", 2, True, 2), ("own:incident-response", 1, True, 1)), "security"),
    Opening("Network technician", "15-1231.00", 2300, 2750, "onsite", ("days",), "network administrator",
            "15-1244.00",
            (("own:networking-fundamentals", 3, True, 3), ("own:routing-switching", 2, True, 2),
             ("own:network-cabling", 2, True, 2), ("own:tcp-ip", 2, True, 1), ("own:wireless-networks", 1, False, 1)),
            "networks"),
    Opening("Fiber installer", "49-2022.00", 2150, 2700, "onsite", ("days",), "network technician", "15-1231.00",
            (("own:network-cabling", 2, True, 3), ("own:safety-procedures", 2, True, 2),
             ("own:hand-tools", 2, True, 2), ("own:low-voltage", 2, False, 2)), "networks", "apprenticeship"),
    Opening("Data center technician", "15-1231.00", 2300, 2800, "onsite", ("nights", "rotating"),
            "systems administrator", "15-1244.00",
            (("own:data-center", 2, True, 3), ("own:hardware-repair", 3, True, 2), ("tech:linux", 2, True, 2),
             ("own:network-cabling", 2, False, 1)), "networks"),
    Opening("Junior systems administrator", "15-1244.00", 5_600_000, 6_500_000, "onsite", ("days",),
            "systems engineer", "15-1299.08",
            (("tech:linux", 2, True, 2), ("tech:microsoft-windows", 3, True, 2), ("tech:powershell", 2, True, 2),
             ("own:virtualization", 2, False, 1), ("tech:active-directory", 2, True, 2)), "networks"),
    Opening("Software tester", "15-1253.00", 2350, 2800, "hybrid", ("days", "flexible"), "test engineer", "15-1253.00",
            (("own:software-testing", 2, True, 3), ("own:bug-reporting", 2, True, 2), ("tech:jira", 1, False, 1),
             ("own:test-automation", 1, False, 2), ("tech:sql", 1, True, 1)), "software"),
    Opening("Health records assistant", "29-2072.00", 1900, 2250, "onsite", ("days", "evenings"),
            "health information technologist", "29-9021.00",
            (("own:health-records", 1, True, 2), ("own:data-entry", 3, True, 2),
             ("own:medical-terminology", 1, False, 1), ("tech:microsoft-office", 2, True, 1),
             ("own:record-keeping", 2, True, 1)), "office"),
    Opening("Digital marketing assistant", "13-1161.01", 1900, 2300, "hybrid", ("days",), "marketing analyst",
            "13-1161.00",
            (("own:social-media-management", 2, True, 2), ("own:content-writing", 2, True, 2), ("own:cms", 2, True, 1),
             ("tech:google-analytics", 1, False, 1)), "office"),
)
