"""Programs, cohorts, enrollments, and the endorsements that providers give."""
