"""What only a real Chromium can tell. Each test has the marker `browser`."""
