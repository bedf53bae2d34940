"""Facts about skills, occupations, wages and training, with where they come from and how they were made smaller."""
