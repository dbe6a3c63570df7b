"""The rule files that clinicians own, shipped with the package as data."""
