"""What a fresh installation starts with: the taxonomy of real skills, and the demo town."""
