"""The project in here is somebody else's: its tests are run as they would run them."""

collect_ignore = ["project"]
