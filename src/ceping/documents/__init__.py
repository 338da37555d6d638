"""Plain values into Word, PDF, Excel and HTML, and back."""
