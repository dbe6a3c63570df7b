"""The strict reading of rule files."""
