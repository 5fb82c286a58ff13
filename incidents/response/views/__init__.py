"""Pages: the list, one incident and what people do with it, severities, and the acknowledge page behind a link."""
