"""The assessor's pages (测评专家): what waits, the scoring desk, verifying, the own word, the signed sheet, offline."""
