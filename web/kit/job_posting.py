"""A role in the words that search engines read (schema.org JobPosting, as JSON-LD)."""

from collections.abc import Mapping
from typing import Any

from matcher.roles.models import Posting

EMPLOYMENT = {"full_time": "FULL_TIME", "part_time": "PART_TIME", "apprenticeship": "OTHER", "intern": "INTERN",
              "contractor": "CONTRACTOR"}


def job_posting(posting: Posting, names: Mapping[str, str], *, url: str) -> dict[str, Any]:
    """The schema.org dictionary for a role's public page; `names` are skill names by id, `url` the page's address.

    Facts that are not stated are left out. Dump it with `json.dumps` into a `application/ld+json` script.
    """
    told: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "JobPosting", "title": posting.title, "url": url,
        "identifier": {"@type": "PropertyValue", "name": posting.organization.name, "value": posting.id},
        "description": posting.summary,
        "datePosted": posting.live_at.date().isoformat() if posting.live_at else None,
        "validThrough": posting.closes_on.isoformat() if posting.closes_on else None,
        "employmentType": EMPLOYMENT[str(posting.employment_type)],
        "hiringOrganization": _organization(posting), "jobLocation": _place(posting),
        "jobLocationType": "TELECOMMUTE" if str(posting.workplace) == "remote" else None,
        "applicantLocationRequirements": {"@type": "Country", "name": "USA"}
        if str(posting.workplace) == "remote" else None,
        "baseSalary": _pay(posting), "occupationalCategory": posting.occupation_code,
        "skills": [names.get(row.skill_id, row.skill_id) for row in posting.requirements] or None,
        "educationRequirements": None if str(posting.degree) == "required" else "no requirements",
        "totalJobOpenings": posting.positions - posting.filled or None,
        "jobStartDate": posting.starts_on.isoformat() if posting.starts_on else None, "directApply": True,
    }
    return {name: value for name, value in told.items() if value is not None}


def _organization(posting: Posting) -> dict[str, Any]:
    known: dict[str, Any] = {"@type": "Organization", "name": posting.organization.name}
    return known | ({"sameAs": posting.organization.website} if posting.organization.website else {})


def _place(posting: Posting) -> dict[str, Any] | None:
    if str(posting.workplace) == "remote":
        return None
    place: dict[str, Any] = {"@type": "Place", "address": {"@type": "PostalAddress", "addressCountry": "US",
                                                           "addressLocality": posting.place_label}}
    if posting.latitude is not None and posting.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": posting.latitude, "longitude": posting.longitude}
    return place


def _pay(posting: Posting) -> dict[str, Any] | None:
    if posting.pay_min_cents is None or posting.pay_max_cents is None:
        return None
    return {"@type": "MonetaryAmount", "currency": "USD", "value": {
        "@type": "QuantitativeValue", "minValue": posting.pay_min_cents / 100, "maxValue": posting.pay_max_cents / 100,
        "unitText": str(posting.pay_period).upper(),
    }}
