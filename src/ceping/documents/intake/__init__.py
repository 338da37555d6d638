"""What people already have in Word, Excel and CSV, found by meaning, checked by the scheme; all or nothing."""
