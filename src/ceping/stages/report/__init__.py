"""The self-evaluation report of an entry: drafts, evidence, submissions, receipts."""
