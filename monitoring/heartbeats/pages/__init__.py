"""What the pages of heartbeats show, put together: one reader for each page, so that views only choose and render."""
