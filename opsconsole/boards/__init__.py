"""Dashboards: figures side by side, made of measures alone, as each person wants them."""
