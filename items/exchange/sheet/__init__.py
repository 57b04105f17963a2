"""Files with the official table, read within bounds and without any model."""
