#!/usr/bin/env python
"""Django's command line for the console."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsconsole.settings")
    if sys.argv[1:2] == ["serve"]:
        gc.disable()  # what a start loads stays: to look through it again and again takes an eighth of the time to the first page
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:  # Ctrl-C before anything runs
        sys.exit(130)
