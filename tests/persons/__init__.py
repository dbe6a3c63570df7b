"""What a person may ask of those who keep their record."""
