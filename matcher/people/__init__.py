"""People: who they are to the installation, how they sign in, and the sessions they hold."""
