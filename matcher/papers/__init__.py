"""Papers that people hand in to be read for them (a résumé, a job ad): sealed, short-lived, gone when they are used."""
