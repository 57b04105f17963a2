"""The forms of all pages: they explain kindly what the database refuses anyway."""
