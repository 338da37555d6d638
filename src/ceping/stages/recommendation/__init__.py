"""Recommendation: a district checks, returns with remarks, ranks, issues the summary table."""
