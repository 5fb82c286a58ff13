"""The sample company: more than a year of a small SaaS team's life, the same for the same seed and day.

What the machine would have measured is written as rows of the same tables; what people did goes through the same services that
the pages use, with the clock of that day. Its probes really run: they watch this console's own /healthz.
"""
