"""The service when what it stands on fails: workers killed, the database stopped, the disk full."""
