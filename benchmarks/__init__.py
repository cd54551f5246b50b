"""What is measured, printed as one JSON object a line. Nothing here asserts a time."""
