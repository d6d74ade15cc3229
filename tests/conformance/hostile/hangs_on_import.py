"""Never finishes being imported; who reads the pipe `TELL`, if there is one, is told so."""

import os
import threading
from pathlib import Path

if "TELL" in os.environ:
    Path(os.environ["TELL"]).write_text("here")
threading.Event().wait()
