"""What the pages of probes show, put together: one reader for each page, so that views only choose and render."""
