"""The invented employers, providers and workforce organizations of the demo hubs."""

from typing import NamedTuple


class Partner(NamedTuple):
    """One organization: `habit` is how quickly an employer answers, in days (None: hardly ever)."""

    kind: str
    name: str
    about: str
    quarter: int
    people: tuple[str, ...]
    habit: int | None = 6


EMPLOYERS = (
    Partner("employer", "Harbor Credit Union", "A member-owned bank with eleven branches and its own help desk.", 5,
            ("Marisol Vega", "Dan Okafor"), 5),
    Partner("employer", "Lakeview Health", "Two clinics and a hospital that run on good records.", 4,
            ("Priya Raman", "Tom Halvorsen"), 6),
    Partner("employer", "Foundry Logistics", "Moves freight through the valley, with software made in house.", 1,
            ("Keisha Brandt", "Luis Ferrer"), 4),
    Partner("employer", "Riverbend Public Schools", "Nineteen schools, nine thousand laptops.", 0,
            ("Ellen Marsh", "Pao Thao"), 9),
    Partner("employer", "Millrace Software", "Builds booking software for parks and pools.", 3,
            ("Jonas Field", "Amara Diallo"), 3),
    Partner("employer", "County of Riverbend", "The county's offices, courts and libraries.", 0,
            ("Grace Lindqvist",), 14),
    Partner("employer", "Northside Manufacturing", "Makes pumps and wants its machines to talk.", 1,
            ("Victor Salas",), 8),
    Partner("employer", "Bluff City Insurance", "Insures farms and small firms.", 6, ("Hannah Price", "Omar Aziz"), 7),
    Partner("employer", "Eastgate Data Center", "Racks, power and cooling for forty firms.", 2, ("Ruth Nakai",), 5),
    Partner("employer", "Prairie Fiber", "Brings fiber to the villages around town.", 8, ("Sam Whitehorse",), 10),
    Partner("employer", "Orchard Hill Senior Living", "Homes for four hundred people, and their records.", 7,
            ("Bea Lombardi",), 12),
    Partner("employer", "Tallgrass Marketing", "A small agency for local shops.", 0, ("Nora Quist",), 5),
    Partner("employer", "Stone Bridge Security", "Watches networks for firms that can't.", 8, ("Andre Booker",), 6),
    Partner("employer", "Valley Grocers Cooperative", "Thirty shops, one warehouse, many screens.", 2,
            ("Lena Fischer",), None),
)
PROVIDERS = (
    Partner("training_provider", "Northside Tech", "A two-year college with evening tracks.", 1,
            ("Carla Mendez", "Ben Yang")),
    Partner("training_provider", "Code Harbor", "A fourteen-week coding school with a fund for fees.", 5,
            ("Imani Wells",)),
    Partner("training_provider", "Riverbend Adult Education", "Free classes for grown-ups, days and evenings.", 0,
            ("Joy Petersen",)),
    Partner("training_provider", "Veterans Tech Bridge", "Turns service into certificates.", 4, ("Ray Castillo",)),
    Partner("training_provider", "Data for All", "Spreadsheets first, SQL next, dashboards last.", 3, ("Mina Sato",)),
    Partner("training_provider", "Secure Start", "Security operations from the ground up.", 8, ("Dee Abara",)),
    Partner("training_provider", "Labor Hall Apprenticeships", "Registered apprenticeships with a wage from day one.",
            2, ("Frank Olsen",)),
)
WORKFORCE = (
    Partner("workforce_organization", "Riverbend Workforce Board", "The WIOA board for three counties.", 0,
            ("Angela Ruiz",)),
    Partner("workforce_organization", "Open Door Community Center", "Coffee, childcare and a computer room.", 1,
            ("Fatima Noor",)),
    Partner("workforce_organization", "Second Start", "Coaching for people coming home.", 4, ("Marcus Hill",)),
    Partner("workforce_organization", "Women in Trades and Tech", "Mentors, tools and company.", 3, ("Sofia Lund",)),
)
SECOND_EMPLOYERS = (
    Partner("employer", "Junction Clinic", "A clinic with one tired server.", 0, ("Paula Reyes",), 5),
    Partner("employer", "Prairie Seed Company", "Seeds, sensors and spreadsheets.", 1, ("Neil Agnew",), 6),
)
SECOND_PROVIDERS = (
    Partner("training_provider", "Junction Learning Center", "Evening classes above the library.", 0, ("Kay Bloom",)),
)
OPERATORS = (("riverbend", "Teresa Alvarez"), ("prairie-junction", "Owen Clarke"))

#: What each employer hires for, by role family; the one that hardly ever answers posts little.
FITS = {
    "Harbor Credit Union": ("support", "data", "security"), "Lakeview Health": ("data", "office", "support"),
    "Foundry Logistics": ("software", "data"), "Riverbend Public Schools": ("support", "office"),
    "Millrace Software": ("software",), "County of Riverbend": ("support", "data", "office"),
    "Northside Manufacturing": ("networks", "support"), "Bluff City Insurance": ("software", "data", "security"),
    "Eastgate Data Center": ("networks",), "Prairie Fiber": ("networks",),
    "Orchard Hill Senior Living": ("office", "support"), "Tallgrass Marketing": ("office", "software"),
    "Stone Bridge Security": ("security", "networks"), "Valley Grocers Cooperative": ("office",),
}
