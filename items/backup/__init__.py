"""One file that holds a whole service, database and stored files, and the way back from it."""
