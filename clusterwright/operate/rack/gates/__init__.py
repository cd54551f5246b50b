"""The gates of a rack's way into service, one module each."""
