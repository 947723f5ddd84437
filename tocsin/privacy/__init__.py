"""What is kept of a person, until when, and what the person may ask."""
