"""What the demo's providers teach: real skills of the taxonomy at levels from 1 to 4."""

from typing import NamedTuple


class Course(NamedTuple):
    """One program: skills as (id, level taught)."""

    provider: str
    name: str
    about: str
    cip: str
    occupation: str
    weeks: int
    hours: int
    cost: int
    funding: str
    delivery: str
    skills: tuple[tuple[str, int], ...]


COURSES = (
    Course("Northside Tech", "IT support certificate", "Fix, set up and explain computers; ends with two certificates.",
           "11.1006", "15-1232.00", 20, 15, 180_000, "Free with a WIOA training account", "hybrid",
           (("own:help-desk-support", 3), ("tech:microsoft-windows", 3), ("own:ticket-handling", 3),
            ("tech:active-directory", 2), ("own:networking-fundamentals", 2), ("own:hardware-repair", 2),
            ("onet:2.C.1.e", 3))),
    Course("Northside Tech", "Network basics", "Four evenings a week: cables, addresses, switches.", "11.0901",
           "15-1231.00", 8, 12, 0, "Free", "in_person",
           (("own:networking-fundamentals", 3), ("own:tcp-ip", 3), ("own:network-cabling", 2),
            ("own:wireless-networks", 2), ("own:routing-switching", 2))),
    Course("Code Harbor", "Web development bootcamp", "Fourteen weeks to a portfolio of three sites.", "11.0801",
           "15-1254.00", 14, 40, 980_000, "Pay when placed, or a scholarship", "in_person",
           (("tech:javascript", 3), ("tech:html", 3), ("tech:css", 3), ("tech:react", 2), ("tech:git", 3),
            ("tech:node-js", 2), ("own:web-accessibility", 2), ("tech:sql", 2))),
    Course("Code Harbor", "Python and data track", "Evenings for people with day jobs.", "11.0802", "15-1252.00", 18,
           15, 640_000, "Sliding scale", "online",
           (("tech:python", 3), ("tech:sql", 3), ("tech:git", 2), ("own:unit-testing", 2), ("own:debugging", 3),
            ("tech:linux", 2))),
    Course("Riverbend Adult Education", "Digital office skills", "From the first login to a pivot table.", "52.0407",
           "43-6014.00", 10, 8, 0, "Free", "in_person",
           (("tech:microsoft-excel", 2), ("tech:microsoft-office", 3), ("tech:microsoft-outlook", 2),
            ("own:data-entry", 3), ("own:typing", 3), ("onet:2.C.1.e", 2))),
    Course("Veterans Tech Bridge", "From signals to systems", "Military radio and network work, translated.", "11.0901",
           "15-1244.00", 16, 20, 0, "Free for veterans", "hybrid",
           (("own:routing-switching", 3), ("tech:linux", 2), ("tech:microsoft-windows", 3),
            ("own:system-administration", 2), ("tech:powershell", 2), ("own:virtualization", 2),
            ("own:security-fundamentals", 2))),
    Course("Data for All", "Junior data analyst", "Real questions of local charities, answered with SQL.", "30.7101",
           "15-2051.01", 16, 12, 120_000, "Free for Riverbend residents under 50,000 a year", "hybrid",
           (("tech:microsoft-excel", 3), ("tech:sql", 3), ("tech:tableau", 2), ("own:data-cleaning", 3),
            ("own:data-visualization", 2), ("own:dashboards", 2), ("own:statistics", 1))),
    Course("Secure Start", "Security operations analyst", "Shifts in a practice operations center.", "11.1003",
           "15-1212.00", 22, 20, 420_000, "Cyber fund pays for 20 seats a year", "hybrid",
           (("own:security-fundamentals", 3), ("own:security-monitoring", 3), ("tech:splunk", 2),
            ("own:log-analysis", 3), ("own:incident-response", 2), ("tech:wireshark", 2),
            ("own:networking-fundamentals", 3), ("own:phishing-analysis", 3))),
    Course("Labor Hall Apprenticeships", "Fiber and low-voltage apprenticeship", "Paid from the first day.", "15.0303",
           "49-2022.00", 48, 40, 0, "Employers pay; you earn", "in_person",
           (("own:network-cabling", 3), ("own:low-voltage", 3), ("own:safety-procedures", 3), ("own:hand-tools", 3),
            ("own:networking-fundamentals", 2), ("own:wireless-networks", 2))),
    Course("Labor Hall Apprenticeships", "Data center technician", "Racks, power, cooling, and the night shift.",
           "11.0901", "15-1231.00", 26, 30, 0, "Employers pay; you earn", "in_person",
           (("own:data-center", 3), ("own:smart-hands", 3), ("own:hardware-repair", 3), ("tech:linux", 2),
            ("own:network-cabling", 3), ("own:ticket-handling", 2), ("own:safety-procedures", 3))),
    Course("Data for All", "Software testing weekend track", "Break things kindly, write it down well.", "11.0201",
           "15-1253.00", 12, 8, 90_000, "Free for Riverbend residents under 50,000 a year", "online",
           (("own:software-testing", 3), ("own:bug-reporting", 3), ("tech:jira", 2), ("own:test-automation", 2),
            ("tech:selenium", 2), ("tech:sql", 1))),
)
SECOND_COURSES = (
    Course("Junction Learning Center", "Computer support evenings", "Twice a week above the library.", "11.1006",
           "15-1232.00", 18, 6, 30_000, "Free with a WIOA training account", "in_person",
           (("own:help-desk-support", 2), ("tech:microsoft-windows", 2), ("own:ticket-handling", 2),
            ("own:networking-fundamentals", 2), ("onet:2.C.1.e", 3))),
)
