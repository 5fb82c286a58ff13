"""The pages: entrance (signing in and out, passwords), profile, and the settings of team, people and keys."""
