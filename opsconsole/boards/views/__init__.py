"""The pages of boards: reading them, and changing them."""
