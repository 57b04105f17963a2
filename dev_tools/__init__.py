"""The parts of dev.py: standard library only, so that they run before anything is installed."""
