"""Assessment (测评): who judges whom, marks and their history, verified values, verdicts, what was settled."""
