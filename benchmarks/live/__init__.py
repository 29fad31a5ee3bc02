"""Live calls: this gateway beside native dialplan and a minimal ARI script (see ``compare``)."""
