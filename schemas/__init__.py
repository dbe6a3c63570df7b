"""Shapes on the wire, as marshmallow schemas: what may come in, and what goes out."""
