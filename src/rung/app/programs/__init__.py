"""What programs do for a person: what their token allows, the log in pages, and asking the same once more."""
