"""Files that a view of a timeline is taken away in: one module a format, all made from the rows of rows.py."""
