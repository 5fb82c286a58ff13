"""The registry of figures: each is defined once, judged once, kept per day, and used everywhere."""
