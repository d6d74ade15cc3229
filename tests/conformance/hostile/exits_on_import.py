"""Ends the process while it is imported, as some libraries do when they find no device."""

import os
import sys

sys.stderr.write("no device found\n")
sys.stderr.flush()
os._exit(4)
