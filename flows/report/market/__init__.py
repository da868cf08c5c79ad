"""The market report: figures counted in SQL, drawn as plots, set on one page that needs nothing but itself."""
