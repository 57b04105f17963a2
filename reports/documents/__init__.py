"""Documents of the office, as plain data with its words finished; the writers make files of them."""
