"""The work that keeps a product running: checklists, today, reports."""
