"""The one table of periodic work: which sweep runs how often. It is synced into django-celery-beat at every start.

A nudge runs a sweep sooner; the interval is how long a row waits when the nudge was lost.
"""

from datetime import timedelta

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

TABLE: dict[str, timedelta] = {
    "measures.keep_daily": 15 * MINUTE,
}
