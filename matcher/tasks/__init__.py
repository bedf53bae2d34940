"""Work outside of requests: the worker, its jobs with a lease, and what is done at set times."""
