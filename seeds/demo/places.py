"""The invented hubs and their quarters; wages and demand are those of a real area that is named on the page."""

HUBS = (
    {"slug": "riverbend", "name": "Riverbend hub", "place_label": "Riverbend", "latitude": 43.0731,
     "longitude": -89.4012, "wage_area": "Madison, WI", "time_zone": "America/Chicago"},
    {"slug": "prairie-junction", "name": "Prairie Junction hub", "place_label": "Prairie Junction",
     "latitude": 44.0121, "longitude": -92.4802, "wage_area": "Rochester, MN", "time_zone": "America/Chicago"},
)
QUARTERS = (
    ("Downtown", 43.0747, -89.3841), ("Northside", 43.1302, -89.3640), ("Eastgate", 43.1080, -89.3010),
    ("Millrace", 43.0530, -89.4200), ("Southfield", 43.0320, -89.3790), ("Harbor Point", 43.0900, -89.3700),
    ("West Bluff", 43.0680, -89.4890), ("Orchard Hill", 43.0210, -89.4620), ("Stone Bridge", 43.1600, -89.4300),
)
FAR_QUARTERS = (("Junction Square", 44.0230, -92.4630), ("Mill Street", 44.0050, -92.4500))
