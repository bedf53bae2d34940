"""Where the shipped facts come from, under which licence, and what was changed; the site shows it too."""

from __future__ import annotations

SOURCES: list[dict[str, object]] = [
    {
        "id": "onet",
        "name": "O*NET 29.3 Database",
        "publisher": "U.S. Department of Labor, Employment and Training Administration",
        "url": "https://www.onetcenter.org/database.html",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "credit": "This site includes information from the O*NET 29.3 Database by the U.S. Department of Labor, "
        "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a trademark "
        "of USDOL/ETA. First Rung has modified all or some of this information. USDOL/ETA has not approved, endorsed, "
        "or tested these modifications.",
        "changed": "Only codes, names, numbers and relations were kept. Some technologies are shown under a shorter "
        "name; names that differ only in spaces or dashes were merged. Levels 0-7 were put on a ladder of four; "
        "elements of importance under 2.5 were left out. Survey answers on education and experience were summed "
        "into two percentages. Similarities between skills were computed from which occupations use them. "
        "Names in Spanish were added by First Rung.",
        "files": ["skills", "skill_aliases", "occupations", "titles", "occupation_skills", "related", "similar"],
    },
    {
        "id": "bls-projections",
        "name": "Employment Projections 2024-2034",
        "publisher": "U.S. Bureau of Labor Statistics",
        "url": "https://www.bls.gov/emp/",
        "licence": "U.S. government work, public domain",
        "licence_url": "https://www.bls.gov/opub/copyright-information.htm",
        "credit": "Source: U.S. Bureau of Labor Statistics, Employment Projections 2024-2034.",
        "changed": "Thousands were written as jobs; the row for all occupations is the sum of the rows.",
        "files": ["labor"],
    },
    {
        "id": "bls-oews",
        "name": "Occupational Employment and Wage Statistics 2025",
        "publisher": "U.S. Bureau of Labor Statistics",
        "url": "https://www.bls.gov/oes/",
        "licence": "U.S. government work, public domain",
        "licence_url": "https://www.bls.gov/opub/copyright-information.htm",
        "credit": "Source: U.S. Bureau of Labor Statistics, Occupational Employment and Wage Statistics, 2025.",
        "changed": "Kept in full for the nation and the states and, at the detailed level, for metropolitan areas of "
        "400,000 jobs or more; for smaller ones, computer, office and installation occupations and the total.",
        "files": ["labor"],
    },
    {
        "id": "cip-soc",
        "name": "CIP 2020 to SOC 2018 Crosswalk",
        "publisher": "National Center for Education Statistics and U.S. Bureau of Labor Statistics, "
        "as carried by Data for the American Dream (New Jersey)",
        "url": "https://nces.ed.gov/ipeds/cipcode/post3.aspx?y=56",
        "licence": "Public table, carried under the MIT License",
        "licence_url": "https://opensource.org/license/mit",
        "credit": "CIP 2020 to SOC 2018 Crosswalk, NCES and BLS. "
        "Copyright (c) 2020 Data for the American Dream (D4AD).",
        "changed": "Fields of study and occupations that match nothing were left out.",
        "files": ["cip_soc"],
    },
    {
        "id": "linguist",
        "name": "Linguist: names and aliases of programming languages",
        "publisher": "Blake Embrey and GitHub, Inc.",
        "url": "https://github.com/github-linguist/linguist",
        "licence": "MIT",
        "licence_url": "https://opensource.org/license/mit",
        "credit": "Copyright (c) 2014 Blake Embrey (language-map), from the language table of GitHub Linguist.",
        "changed": "Only aliases of languages that O*NET lists were kept.",
        "files": ["skill_aliases"],
    },
    {
        "id": "simple-icons",
        "name": "Simple Icons: names and aliases of brands and tools",
        "publisher": "Simple Icons contributors",
        "url": "https://simpleicons.org",
        "licence": "CC0 1.0",
        "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
        "credit": "Names from Simple Icons. Each name remains the property of its owner.",
        "changed": "Only aliases of tools that O*NET lists were kept.",
        "files": ["skill_aliases"],
    },
    {
        "id": "own",
        "name": "First Rung's own table of work skills and short names",
        "publisher": "First Rung",
        "url": "",
        "licence": "As First Rung",
        "licence_url": "",
        "credit": "Everyday work skills that the sources name differently or not at all, and their short names.",
        "changed": "",
        "files": ["skills", "skill_aliases", "similar"],
    },
]
