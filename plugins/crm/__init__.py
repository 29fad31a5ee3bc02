"""The built-in CRM: who is calling, whom they belong to, and a lead for whoever is not known."""
