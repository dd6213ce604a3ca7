"""What people read: the brief, figures, tables, PDF, open data."""
