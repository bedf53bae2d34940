"""The hub operator's pages: partners, review, figures, who may do what."""
