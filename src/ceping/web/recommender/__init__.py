"""Pages of those who recommend: the area's list and the check of one report, with return, decision and undoing."""
