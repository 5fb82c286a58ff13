"""Tests, laid out like the code: <department>/<noun>/test_<behaviour>.py, stories/ through the whole, browser/ in Chromium."""
