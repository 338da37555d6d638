"""Work that takes longer than a page may: it runs beside the pages, tells how far it is, and is found again."""
