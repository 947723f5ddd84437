"""What an answer means: from the words of a mail system to what becomes of a message."""
