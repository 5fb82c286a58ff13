"""The forms of checklists: what people say to an answer, to a run, and to a template."""
