"""What the examples of the search API share."""
