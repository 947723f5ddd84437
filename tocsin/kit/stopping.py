"""That this process was told to stop: whoever runs long looks here between two steps."""

import threading

stopping = threading.Event()
"""Set once, when the process is asked to end."""
