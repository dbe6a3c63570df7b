"""CDS Hooks 2.0: advice on the orders and the records that somebody has open in a GP system."""
