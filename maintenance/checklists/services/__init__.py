"""The writers: templates are edited, runs are opened and signed off, answers are settled."""
