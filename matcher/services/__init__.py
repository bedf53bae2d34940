"""Support on the way to work: whom a workforce organization may see, and what each of them needs next."""
