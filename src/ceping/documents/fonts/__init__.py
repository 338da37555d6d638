"""The fonts that documents are printed in: shipped ones with their licences, a site's own, and what each can show."""
