"""Applications, interviews and offers: from the first look to a hire or an honest no."""
