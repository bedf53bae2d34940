"""Facts in, scores and reasons out: a pure package that knows no database, no clock and no request."""
