"""The tests, as sentences. They mirror the package."""
