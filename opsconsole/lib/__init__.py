"""Pure helpers: no models, no imports from anything above."""
